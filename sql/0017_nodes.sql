-- What each node gave, was asked for and used in the peak window of a day.
CREATE TABLE IF NOT EXISTS node_daily
(
    env               LowCardinality(String),
    node              String,
    date              Date COMMENT 'local day on which the peak window began',
    source            LowCardinality(String) COMMENT 'who tells its use: cadvisor, kubelet or node_exporter; empty: nobody',
    cpu_alloc_m       Nullable(Float64) COMMENT 'allocatable, millicores',
    mem_alloc_mib     Nullable(Float64),
    pods_alloc        Nullable(Float64) COMMENT 'pods that it may have',
    p95_cpu_m         Nullable(Float64) COMMENT 'P95 over the window of all that ran on it, pods or not',
    p95_mem_mib       Nullable(Float64),
    max_mem_mib       Nullable(Float64),
    requested_cpu_m   Nullable(Float64) COMMENT 'by its running pods, median of the window',
    requested_mem_mib Nullable(Float64),
    pods              Nullable(Float64) COMMENT 'running on it, median of the window',
    ready_pct         Nullable(Float64) COMMENT 'share of the window in which it was ready',
    psi_cpu_pct       Nullable(Float64) COMMENT 'share of the window in which something waited for a cpu',
    coverage          Nullable(Float32) COMMENT 'minutes of the window of which its use is known, 0..1',
    collected_at      DateTime64(3, 'UTC') COMMENT 'version of the row',
    deleted           Bool DEFAULT false
)
ENGINE = ReplacingMergeTree(collected_at, deleted)
PARTITION BY toYYYYMM(date)
ORDER BY (env, node, date);
