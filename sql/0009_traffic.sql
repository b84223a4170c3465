-- What services were asked in the peak window of a day, as their mesh or library counts it.
CREATE TABLE IF NOT EXISTS traffic_daily
(
    env            LowCardinality(String),
    namespace      LowCardinality(String),
    kind           LowCardinality(String) DEFAULT 'Deployment',
    name           String,
    date           Date COMMENT 'local day on which the peak window began',
    source         LowCardinality(String) COMMENT 'who counts: istio, linkerd, micrometer, otel or grpc',
    qps_p95        Nullable(Float64) COMMENT 'P95 over the window of the requests a second of all pods',
    qps_max        Nullable(Float64),
    qps_hot_pod    Nullable(Float64) COMMENT 'the largest of the pods'' own P95s',
    requests       Nullable(Float64) COMMENT 'in the window',
    errors         Nullable(Float64) COMMENT 'of them that failed',
    error_pct      Nullable(Float64),
    latency_p50_ms Nullable(Float64) COMMENT 'from the histograms of all pods together',
    latency_p95_ms Nullable(Float64),
    latency_p99_ms Nullable(Float64),
    coverage       Nullable(Float32) COMMENT 'minutes of the window that are known, 0..1',
    collected_at   DateTime64(3, 'UTC') COMMENT 'version of the row',
    deleted        Bool DEFAULT false
)
ENGINE = ReplacingMergeTree(collected_at, deleted)
PARTITION BY toYYYYMM(date)
ORDER BY (env, namespace, kind, name, date);
