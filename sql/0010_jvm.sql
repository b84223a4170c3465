-- What the JVMs of a container did in the peak window of a day.
CREATE TABLE IF NOT EXISTS jvm_daily
(
    env               LowCardinality(String),
    namespace         LowCardinality(String),
    kind              LowCardinality(String) DEFAULT 'Deployment',
    name              String,
    container         String,
    date              Date COMMENT 'local day on which the peak window began',
    source            LowCardinality(String) COMMENT 'who tells: micrometer, client_java, simpleclient or otel',
    heap_max_mib      Nullable(Float64) COMMENT 'of a pod, the smallest of all pods',
    heap_used_p95_mib Nullable(Float64) COMMENT 'of a pod, the largest of all pods',
    heap_live_mib     Nullable(Float64) COMMENT 'left after a collection, the largest of all pods',
    nonheap_p95_mib   Nullable(Float64),
    gc_overhead_pct   Nullable(Float64) COMMENT 'share of the window in which a pod stood still',
    gc_per_min        Nullable(Float64) COMMENT 'pauses a minute of a pod',
    full_gc           Nullable(Float64) COMMENT 'full collections of all pods in the window',
    gc_pause_max_ms   Nullable(Float64),
    threads_p95       Nullable(Float64) COMMENT 'of a pod, the largest of all pods',
    coverage          Nullable(Float32) COMMENT 'minutes of the window that are known, 0..1',
    collected_at      DateTime64(3, 'UTC') COMMENT 'version of the row',
    deleted           Bool DEFAULT false
)
ENGINE = ReplacingMergeTree(collected_at, deleted)
PARTITION BY toYYYYMM(date)
ORDER BY (env, namespace, kind, name, container, date);
