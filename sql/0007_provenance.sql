-- Why a derived value is what it is: the rule, what was used before margin and floor, the days that came next, what an
-- autoscaler steers to, and where a service's own busiest hours are.

-- The history first: the view that feeds it selects whatever `derived` has.
ALTER TABLE derived_history
    ADD COLUMN IF NOT EXISTS request_rule LowCardinality(String) DEFAULT '' COMMENT 'peak_day, own_peak, whole_day or fleet, empty: from before it was kept',
    ADD COLUMN IF NOT EXISTS memory_rule LowCardinality(String) DEFAULT '' COMMENT 'p95 or max',
    ADD COLUMN IF NOT EXISTS runner_up_dates_cpu Array(Date) COMMENT 'the days that come after the peak day, the largest first',
    ADD COLUMN IF NOT EXISTS runner_up_dates_mem Array(Date),
    ADD COLUMN IF NOT EXISTS hpa_cpu_pct Nullable(UInt32) COMMENT 'utilisation of the cpu request that an autoscaler steers to',
    ADD COLUMN IF NOT EXISTS hpa_mem_pct Nullable(UInt32) COMMENT 'likewise of memory',
    ADD COLUMN IF NOT EXISTS own_peak_hour Nullable(UInt8) COMMENT 'local hour at which its own busiest hours begin, as its days'' profiles show',
    ADD COLUMN IF NOT EXISTS own_peak_cpu_m Nullable(UInt32) COMMENT 'P95 of these hours on its busiest day, all containers, of one pod',
    ADD COLUMN IF NOT EXISTS peaks_elsewhere Bool DEFAULT false COMMENT 'it uses 1.2 times as much in them as in the peak hours, or more',
    ADD COLUMN IF NOT EXISTS used_cpu_m Array(Nullable(UInt32)) COMMENT 'of each of containers.name, before margin, floor and limit',
    ADD COLUMN IF NOT EXISTS used_mem_mib Array(Nullable(UInt32));

ALTER TABLE derived
    ADD COLUMN IF NOT EXISTS request_rule LowCardinality(String) DEFAULT '' COMMENT 'peak_day, own_peak, whole_day or fleet, empty: from before it was kept',
    ADD COLUMN IF NOT EXISTS memory_rule LowCardinality(String) DEFAULT '' COMMENT 'p95 or max',
    ADD COLUMN IF NOT EXISTS runner_up_dates_cpu Array(Date) COMMENT 'the days that come after the peak day, the largest first',
    ADD COLUMN IF NOT EXISTS runner_up_dates_mem Array(Date),
    ADD COLUMN IF NOT EXISTS hpa_cpu_pct Nullable(UInt32) COMMENT 'utilisation of the cpu request that an autoscaler steers to',
    ADD COLUMN IF NOT EXISTS hpa_mem_pct Nullable(UInt32) COMMENT 'likewise of memory',
    ADD COLUMN IF NOT EXISTS own_peak_hour Nullable(UInt8) COMMENT 'local hour at which its own busiest hours begin, as its days'' profiles show',
    ADD COLUMN IF NOT EXISTS own_peak_cpu_m Nullable(UInt32) COMMENT 'P95 of these hours on its busiest day, all containers, of one pod',
    ADD COLUMN IF NOT EXISTS peaks_elsewhere Bool DEFAULT false COMMENT 'it uses 1.2 times as much in them as in the peak hours, or more',
    ADD COLUMN IF NOT EXISTS used_cpu_m Array(Nullable(UInt32)) COMMENT 'of each of containers.name, before margin, floor and limit',
    ADD COLUMN IF NOT EXISTS used_mem_mib Array(Nullable(UInt32));
