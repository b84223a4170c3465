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
        kind            String,
        name            String,
        desired         String, -- JSON: the count, the bounds or the values to restore
        replicas_before Nullable(UInt32),
        replicas_after  Nullable(UInt32),
        before          String, -- JSON: what stood before, for a rollback
        state           String, -- pending, asking, rolling_out, rolling_back, succeeded, failed, rolled_back or cancelled
        detail          String, -- the notes in English
        notes           String, -- JSON: code and parameters of each; empty for none
        reason          String, -- one word for what the detail says, such as not_registered or oom
        started_at      Nullable(DateTime64(3, 'UTC')),
        finished_at     Nullable(DateTime64(3, 'UTC'))
    ),
    pause_s       UInt32,
    stop_on_error Bool,
    wait_rollout  Bool,
    rollback_on_failure Bool DEFAULT false,
    rollout_timeout_s UInt32 DEFAULT 600,
    run_at        Nullable(DateTime64(3, 'UTC')) COMMENT 'not before this time',
    until         Nullable(DateTime64(3, 'UTC')) COMMENT 'a temporary scale gives back the count then',
    rollback_of   String DEFAULT '' COMMENT 'id of the operation that it rolls back',
    schedule_id   String DEFAULT '',
    requested_at  DateTime64(3, 'UTC'),
    requested_by  String,
    cancelled_by  String DEFAULT '' COMMENT 'who asked to cancel it',
    runner        String DEFAULT '' COMMENT 'instance of the API that runs it',
    started_at    Nullable(DateTime64(3, 'UTC')),
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
    effective_from DateTime64(3, 'UTC') COMMENT 'only times later than this count: when it was made, enabled or put to other times',
    namespaces Array(String) COMMENT 'of the services or the selector; empty: any',
    names      Array(String) COMMENT 'of the services, or the pattern of the selector',
    version    UInt64,
    updated_at DateTime64(3, 'UTC'),
    updated_by String,
    deleted    Bool DEFAULT false
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (env, id);

-- What became of each time at which a schedule was due. Append-only: `starting` or `skipped` decides it, and the window lets
-- one instance of the API alone do so; `started` or `failed` follows. `run_id` is the id of the operation that it makes.
CREATE TABLE IF NOT EXISTS schedule_run
(
    env           LowCardinality(String),
    schedule_id   String,
    run_id        String,
    state         LowCardinality(String) COMMENT 'starting, started, skipped or failed',
    trigger       LowCardinality(String) COMMENT 'time or hand',
    due_at        DateTime64(3, 'UTC'),
    until_at      DateTime64(3, 'UTC') COMMENT 'the last due time that was skipped, else due_at',
    skipped_count UInt32 DEFAULT 0 COMMENT 'due times that were skipped',
    reason        String DEFAULT '' COMMENT 'the notes in English',
    notes         String DEFAULT '' COMMENT 'JSON: code and parameters of each; empty for none',
    requested_by  String DEFAULT '' COMMENT 'who asked for it by hand',
    at            DateTime64(3, 'UTC'),
    instance      String COMMENT 'of the API'
)
ENGINE = MergeTree
ORDER BY (env, schedule_id, due_at, run_id)
TTL toDateTime(at) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000;

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
    name       String,
    before     String COMMENT 'JSON',
    after      String COMMENT 'JSON',
    outcome    LowCardinality(String),
    prev_hash  String,
    hash       String,
    commit_id  String DEFAULT '' COMMENT 'writer of the commit that the entry is part of'
)
ENGINE = MergeTree
ORDER BY (seq)
SETTINGS non_replicated_deduplication_window = 10000;
