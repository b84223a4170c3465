-- What people and schedules do to a cluster. Written by the API alone.

CREATE TABLE IF NOT EXISTS operation
(
    id           String,
    env          LowCardinality(String),
    kind         LowCardinality(String) COMMENT 'scale or restart',
    state        LowCardinality(String) COMMENT 'pending, running, succeeded, failed or cancelled',
    targets Nested
    (
        namespace       String,
        deployment      String,
        replicas_before Nullable(UInt32),
        replicas_after  Nullable(UInt32),
        state           String,
        detail          String
    ),
    pause_s       UInt32,
    stop_on_error Bool,
    wait_rollout  Bool,
    schedule_id   String DEFAULT '',
    requested_at  DateTime64(3, 'UTC'),
    requested_by  String,
    finished_at   Nullable(DateTime64(3, 'UTC')),
    version       UInt64,
    updated_at    DateTime64(3, 'UTC'),
    updated_by    String,
    deleted       Bool DEFAULT false
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (env, id);

CREATE TABLE IF NOT EXISTS schedule
(
    id         String,
    env        LowCardinality(String),
    name       String,
    kind       LowCardinality(String) COMMENT 'scale or restart',
    enabled    Bool,
    once_at    Nullable(DateTime64(3, 'UTC')),
    cron       String DEFAULT '' COMMENT 'five fields; empty for a schedule that runs once',
    timezone   String,
    spec       String COMMENT 'JSON: the services or the selector, and what to do with them',
    misfire    LowCardinality(String) DEFAULT 'skip' COMMENT 'skip or run_late',
    grace_s    UInt32 DEFAULT 0,
    last_run_at Nullable(DateTime64(3, 'UTC')),
    next_run_at Nullable(DateTime64(3, 'UTC')),
    version    UInt64,
    updated_at DateTime64(3, 'UTC'),
    updated_by String,
    deleted    Bool DEFAULT false
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (env, id);

-- Insert-only. Each row's hash covers the row and the hash before it. The window keeps two instances of the API from
-- taking the same place in the chain.
CREATE TABLE IF NOT EXISTS audit_log
(
    seq        UInt64,
    at         DateTime64(3, 'UTC'),
    actor      String,
    role       LowCardinality(String),
    remote     String,
    request_id String,
    action     LowCardinality(String),
    env        LowCardinality(String),
    namespace  LowCardinality(String),
    deployment String,
    before     String COMMENT 'JSON',
    after      String COMMENT 'JSON',
    outcome    LowCardinality(String),
    prev_hash  String,
    hash       String
)
ENGINE = MergeTree
ORDER BY (seq)
SETTINGS non_replicated_deduplication_window = 10000;
