-- What admission decided, and what people are to be told. Append-only.

CREATE TABLE IF NOT EXISTS admission_log
(
    at         DateTime64(3, 'UTC'),
    env        LowCardinality(String),
    namespace  LowCardinality(String),
    kind       LowCardinality(String) DEFAULT 'Deployment',
    name       String,
    uid        String COMMENT 'of the AdmissionReview',
    user       String COMMENT 'who asked Kubernetes',
    operation  LowCardinality(String) COMMENT 'CREATE or UPDATE',
    resource   LowCardinality(String) COMMENT 'deployments or deployments/scale',
    rule       UInt8 COMMENT 'of the decision table',
    mode       LowCardinality(String),
    outcome    LowCardinality(String) COMMENT 'unchanged, patched, denied, would_patch or would_deny',
    before     String COMMENT 'JSON: each governed value that changes, as it came',
    after      String COMMENT 'JSON: the same as admitted; in observe, as enforce would',
    changes    String DEFAULT '[]' COMMENT 'JSON: each change as container, resource, kind, before, after, source',
    notes      String DEFAULT '[]' COMMENT 'JSON: codes and parameters of what was refused, left alone or adjusted',
    patch      String COMMENT 'JSONPatch, or empty',
    warnings   Array(String),
    instance   String
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (env, namespace, kind, name, at)
TTL toDateTime(at) + INTERVAL 180 DAY;

CREATE TABLE IF NOT EXISTS event
(
    id         String,
    at         DateTime64(3, 'UTC'),
    env        LowCardinality(String),
    namespace  LowCardinality(String),
    name       String COMMENT 'of the service; empty for what is about several',
    kind       LowCardinality(String) COMMENT 'service.new, admission.denied, collection.failed, ...',
    severity   LowCardinality(String) COMMENT 'info, warning or error',
    message    String,
    data       String COMMENT 'JSON',
    source     LowCardinality(String) COMMENT 'service that tells it'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (env, at, id)
TTL toDateTime(at) + INTERVAL 180 DAY;

-- Which events were taken up to be sent, and what became of it. Append-only. The window lets each event be taken up once,
-- by one instance of the API.
CREATE TABLE IF NOT EXISTS notification
(
    event_id String,
    at       DateTime64(3, 'UTC'),
    state    LowCardinality(String) COMMENT 'taken, sent or failed',
    attempts UInt32 DEFAULT 0,
    detail   String DEFAULT '',
    instance String
)
ENGINE = MergeTree
ORDER BY (event_id, at)
TTL toDateTime(at) + INTERVAL 180 DAY
SETTINGS non_replicated_deduplication_window = 10000;
