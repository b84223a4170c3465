-- The profile of a whole local day beside its peak, and what a run found out and left out.

ALTER TABLE resource_daily
    ADD COLUMN IF NOT EXISTS profile_cpu_m Array(Nullable(UInt32))
    COMMENT 'mean over running pods in each five minutes of the local day, millicores, empty after 100 days' TTL date + INTERVAL 100 DAY AFTER owner_source;
ALTER TABLE resource_daily
    ADD COLUMN IF NOT EXISTS profile_mem_mib Array(Nullable(UInt32))
    COMMENT 'largest working set of a pod in each hour' TTL date + INTERVAL 100 DAY AFTER profile_cpu_m;
ALTER TABLE resource_daily
    ADD COLUMN IF NOT EXISTS profile_pods Array(Nullable(UInt32))
    COMMENT 'largest number of running pods in each hour' TTL date + INTERVAL 100 DAY AFTER profile_mem_mib;

ALTER TABLE collection_run
    ADD COLUMN IF NOT EXISTS scrape_interval_s Nullable(UInt32) COMMENT 'found in the samples' AFTER services_seen;
ALTER TABLE collection_run
ADD COLUMN IF NOT EXISTS left_out Nested
(
    date      Date,
    reason    String,
    namespace String,
    name      String,
    count     UInt32
) AFTER scrape_interval_s;
