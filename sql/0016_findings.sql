-- What was found wrong in an env, why, and what was changed before. Written by the API that leads.

CREATE TABLE IF NOT EXISTS finding
(
    env        LowCardinality(String),
    id         String,
    kind       LowCardinality(String) COMMENT 'crash_loop, oom, image, unschedulable, ...',
    object     LowCardinality(String) COMMENT 'kind of what it is about: Deployment, Node, ResourceQuota, ...',
    namespace  LowCardinality(String) COMMENT 'empty for a node',
    name       String,
    container  String DEFAULT '' COMMENT 'that it is about, or empty',
    severity   LowCardinality(String) COMMENT 'warning or error',
    began_at   DateTime64(3, 'UTC') COMMENT 'when its cause began, as far as Kubernetes tells',
    opened_at  DateTime64(3, 'UTC') COMMENT 'when it was found',
    ended_at   Nullable(DateTime64(3, 'UTC')) COMMENT 'when it was seen the last time; NULL: it is open',
    pods       Array(String),
    affected   String COMMENT 'JSON: other services that have symptoms of it',
    evidence   String COMMENT 'JSON: id, code, time and parameters of each',
    changes    String COMMENT 'JSON: what was changed within the hour before, the likeliest cause first',
    version    UInt64 COMMENT 'milliseconds since 1970'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (env, id)
TTL toDateTime(opened_at) + INTERVAL 400 DAY;
