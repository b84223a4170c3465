-- What the expert says. Written by the API alone.

CREATE TABLE IF NOT EXISTS control
(
    env             LowCardinality(String),
    namespace       LowCardinality(String),
    deployment      String,
    replicas_manual Nullable(UInt32),
    replicas_policy LowCardinality(String) DEFAULT 'fixed' COMMENT 'fixed or autoscaled',
    mode            Nullable(String) COMMENT 'off, observe or enforce; NULL: as the namespace or env says',
    note            String DEFAULT '',
    operation_id    String DEFAULT '' COMMENT 'the operation that made this version, empty for an edit by hand',
    containers Nested
    (
        name            String,
        request_cpu_m   Nullable(UInt32),
        limit_cpu_m     Nullable(UInt32),
        request_mem_mib Nullable(UInt32),
        limit_mem_mib   Nullable(UInt32)
    ),
    version    UInt64 COMMENT 'grows over the whole table',
    updated_at DateTime64(3, 'UTC'),
    updated_by String,
    deleted    Bool DEFAULT false COMMENT 'a tombstone hides the service from `effective`'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (env, namespace, deployment);

CREATE TABLE IF NOT EXISTS control_history AS control
ENGINE = MergeTree
ORDER BY (env, namespace, deployment, version);

CREATE MATERIALIZED VIEW IF NOT EXISTS control_history_feed TO control_history AS SELECT * FROM control;

CREATE TABLE IF NOT EXISTS setting
(
    env        LowCardinality(String),
    namespace  LowCardinality(String) COMMENT 'empty for the whole env',
    key        LowCardinality(String),
    value      String COMMENT 'JSON',
    version    UInt64 COMMENT 'grows over the whole table',
    updated_at DateTime64(3, 'UTC'),
    updated_by String,
    deleted    Bool DEFAULT false
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (env, namespace, key);

-- The order of all commits to the tables above (and to `operation` and `schedule`): after version `base` of a
-- table come these rows. The window drops every insert but the first that bears a base's token: this is the
-- compare-and-set that two instances of the API share. kubedoor_api/store/writer.py has the proof. Without a TTL:
-- an entry that was lost before its rows were written would block its table for good.
CREATE TABLE IF NOT EXISTS commit_log
(
    table_name LowCardinality(String),
    base       UInt64 COMMENT 'largest version of the table before',
    version    UInt64 COMMENT 'and after',
    writer     String,
    at         DateTime64(3, 'UTC'),
    rows       String COMMENT 'JSON'
)
ENGINE = MergeTree
ORDER BY (table_name, base)
SETTINGS non_replicated_deduplication_window = 10000;
