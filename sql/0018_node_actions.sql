-- Drains of nodes, and plans of moves that are carried out. Written by the API alone: who asks, and the leader that does it.

CREATE TABLE IF NOT EXISTS node_action
(
    id           String,
    env          LowCardinality(String),
    kind         LowCardinality(String) COMMENT 'drain or moves',
    node         String COMMENT 'that is drained; empty for moves',
    parameters   String COMMENT 'JSON: how',
    state        LowCardinality(String) COMMENT 'pending, running, done, failed or cancelled',
    reason       LowCardinality(String) DEFAULT '' COMMENT 'one word for why it failed, or empty',
    detail       String DEFAULT '' COMMENT 'what the cluster said',
    steps        String COMMENT 'JSON: each step with its time',
    pods         String COMMENT 'JSON: each pod by its uid, and how far it is',
    requested_at DateTime64(3, 'UTC'),
    requested_by String,
    cancelled_by String DEFAULT '' COMMENT 'who asked for its end',
    runner       String DEFAULT '' COMMENT 'instance of the API that runs it',
    started_at   Nullable(DateTime64(3, 'UTC')),
    finished_at  Nullable(DateTime64(3, 'UTC')),
    version      UInt64,
    updated_at   DateTime64(3, 'UTC'),
    updated_by   String,
    deleted      Bool DEFAULT false
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (env, id)
TTL toDateTime(requested_at) + INTERVAL 400 DAY;
