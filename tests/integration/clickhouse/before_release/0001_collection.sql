-- What the collector measures and derives, and how it is asked to.

-- One row per container and local day. ReplacingMergeTree by the time of collection, `deleted` last:
-- a day is replaced by one INSERT that holds its new rows and a tombstone for each row that is gone.
-- That INSERT is one block in one partition, hence one part, hence atomic. Read with FINAL.
CREATE TABLE IF NOT EXISTS resource_daily
(
    env            LowCardinality(String),
    namespace      LowCardinality(String),
    deployment     String,
    container      LowCardinality(String),
    date           Date COMMENT 'local day on which the peak window began',
    window_start   DateTime64(3, 'UTC'),
    window_end     DateTime64(3, 'UTC'),
    pod_count      Nullable(UInt32) COMMENT 'median over the window',
    p95_cpu_m      Nullable(UInt32) COMMENT 'P95 over time of the mean over pods, rounded up',
    p95_cpu_hot_m  Nullable(UInt32) COMMENT 'the largest of the pods'' own P95s',
    p95_mem_mib    Nullable(UInt32) COMMENT 'working set, rounded up',
    p95_mem_hot_mib Nullable(UInt32),
    max_mem_mib    Nullable(UInt32),
    request_cpu_m  Nullable(UInt32) COMMENT 'as last seen in the window',
    limit_cpu_m    Nullable(UInt32),
    request_mem_mib Nullable(UInt32),
    limit_mem_mib  Nullable(UInt32),
    cpu_pct        Nullable(Float32) COMMENT 'P95 as per cent of the limit',
    mem_pct        Nullable(Float32),
    oom_kills      Nullable(UInt32),
    throttled_pct  Nullable(Float32),
    coverage       Nullable(Float32) COMMENT 'samples there / samples due, 0..1',
    owner_source   LowCardinality(Nullable(String)) COMMENT 'metrics: kube-state-metrics told the Deployment; name: read from the pods'' names',
    collected_at   DateTime64(3, 'UTC') COMMENT 'version of the row',
    deleted        Bool DEFAULT false
)
ENGINE = ReplacingMergeTree(collected_at, deleted)
PARTITION BY toYYYYMM(date)
ORDER BY (env, namespace, deployment, container, date);

-- One row per service: what the peak days say it needs. The expert's values are in `control`.
CREATE TABLE IF NOT EXISTS derived
(
    env               LowCardinality(String),
    namespace         LowCardinality(String),
    deployment        String,
    replicas_initial  Nullable(UInt32) COMMENT 'pods when first seen; never moves',
    replicas_observed Nullable(UInt32) COMMENT 'pods on the cpu peak day',
    replicas_ai       Nullable(UInt32) COMMENT 'a recommendation, where one is made',
    peak_date_cpu     Nullable(Date),
    peak_date_mem     Nullable(Date),
    peak_pods_cpu     Nullable(UInt32),
    peak_pods_mem     Nullable(UInt32),
    coverage_cpu      Nullable(Float32) COMMENT 'coverage of the cpu peak day',
    coverage_mem      Nullable(Float32),
    window_cpu        String DEFAULT '' COMMENT 'the peak hours of the cpu peak day, HH:MM-HH:MM',
    window_mem        String DEFAULT '',
    first_seen        Nullable(Date),
    last_seen         Nullable(Date),
    containers Nested
    (
        name            String,
        request_cpu_m   Nullable(UInt32),
        request_mem_mib Nullable(UInt32),
        limit_cpu_m     Nullable(UInt32),
        limit_mem_mib   Nullable(UInt32)
    ),
    version    UInt64 COMMENT 'grows over the whole table',
    updated_at DateTime64(3, 'UTC'),
    updated_by String,
    deleted    Bool DEFAULT false
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (env, namespace, deployment);

CREATE TABLE IF NOT EXISTS derived_history AS derived
ENGINE = MergeTree
ORDER BY (env, namespace, deployment, version);

CREATE MATERIALIZED VIEW IF NOT EXISTS derived_history_feed TO derived_history AS SELECT * FROM derived;

-- Somebody asks for days. Append-only; `collection_run` tells what became of it.
CREATE TABLE IF NOT EXISTS collection_request
(
    id           String,
    env          LowCardinality(String),
    dates        Array(Date) COMMENT 'local days, oldest first',
    requested_at DateTime64(3, 'UTC'),
    requested_by String
)
ENGINE = MergeTree
ORDER BY (env, requested_at, id);

CREATE TABLE IF NOT EXISTS collection_run
(
    id            String,
    request_id    String COMMENT 'empty for a daily run or one from the command line',
    env           LowCardinality(String),
    trigger       LowCardinality(String) COMMENT 'request, daily or command',
    state         LowCardinality(String) COMMENT 'running, succeeded, failed or abandoned',
    dates         Array(Date),
    day_index     UInt32 COMMENT 'days that are done',
    day_count     UInt32,
    services_seen UInt32,
    errors Nested
    (
        date   Date,
        reason String
    ),
    collector     String COMMENT 'instance that runs it',
    started_at    DateTime64(3, 'UTC'),
    heartbeat_at  DateTime64(3, 'UTC'),
    finished_at   Nullable(DateTime64(3, 'UTC')),
    version       UInt64,
    updated_at    DateTime64(3, 'UTC'),
    updated_by    String,
    deleted       Bool DEFAULT false
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (env, id);

-- Who works on a run. Each attempt's claim bears its own deduplication token, so of several collectors one gets it.
CREATE TABLE IF NOT EXISTS collection_claim
(
    env        LowCardinality(String),
    run_id     String,
    attempt    UInt32 COMMENT 'grows where a collector died at it',
    collector  String,
    claimed_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (env, run_id, attempt)
TTL toDateTime(claimed_at) + INTERVAL 90 DAY
SETTINGS non_replicated_deduplication_window = 10000;
