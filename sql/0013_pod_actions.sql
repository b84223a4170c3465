-- What people do to single pods. Written by the API alone: who asks, and the leader that does it.

CREATE TABLE IF NOT EXISTS pod_action
(
    id           String,
    env          LowCardinality(String),
    kind         LowCardinality(String) COMMENT 'delete or isolate',
    namespace    LowCardinality(String),
    pod          String,
    uid          String COMMENT 'of the pod: another one of the same name is left alone',
    container    String DEFAULT '' COMMENT 'that it is about, or empty',
    parameters   String COMMENT 'JSON',
    state        LowCardinality(String) COMMENT 'pending, running, done, failed, undoing, undone, expiring or expired',
    reason       String DEFAULT '' COMMENT 'one word for why it failed, or empty',
    detail       String DEFAULT '' COMMENT 'what the cluster said',
    steps        String COMMENT 'JSON: each step with its time',
    before       String COMMENT 'JSON: what stood before, for the way back',
    result       String DEFAULT '{}' COMMENT 'JSON',
    bytes        Nullable(UInt64) COMMENT 'size of its file',
    sha256       String DEFAULT '' COMMENT 'of its file',
    requested_at DateTime64(3, 'UTC'),
    requested_by String,
    undone_by    String DEFAULT '' COMMENT 'who asked for the way back',
    runner       String DEFAULT '' COMMENT 'instance of the API that runs it',
    started_at   Nullable(DateTime64(3, 'UTC')),
    finished_at  Nullable(DateTime64(3, 'UTC')),
    expires_at   Nullable(DateTime64(3, 'UTC')) COMMENT 'when the isolated pod is deleted',
    warned       Bool DEFAULT false COMMENT 'people were told that this is near',
    version      UInt64,
    updated_at   DateTime64(3, 'UTC'),
    updated_by   String,
    deleted      Bool DEFAULT false
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (env, id)
TTL toDateTime(requested_at) + INTERVAL 400 DAY;
