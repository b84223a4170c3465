-- Labels of workloads and of their namespaces, as the API's leader lists them: who owns a service, and what else it is
-- grouped by. A namespace's row has its own name and the kind Namespace. One that is gone becomes a tombstone.
CREATE TABLE IF NOT EXISTS workload_label
(
    env        LowCardinality(String),
    namespace  LowCardinality(String),
    kind       LowCardinality(String),
    name       String,
    labels     Map(LowCardinality(String), String),
    version    UInt64 COMMENT 'microseconds since 1970, and more than the version before',
    updated_at DateTime64(3, 'UTC'),
    deleted    Bool DEFAULT false
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (env, namespace, kind, name);
