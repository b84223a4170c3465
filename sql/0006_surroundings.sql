-- What else steers a Deployment: what scales it, and what its namespace's LimitRanges and quotas allow.

-- Who owns the count of a workload, a row for each; found by the API's watch of the cluster, by metrics, or by its scaling.
-- Whoever finds an autoscaler gone says since when; a day later the row becomes a tombstone, and the count is KubeDoor's again.
CREATE TABLE IF NOT EXISTS autoscaler
(
    env            LowCardinality(String),
    namespace      LowCardinality(String),
    kind           LowCardinality(String) DEFAULT 'Deployment' COMMENT 'of the workload that is scaled',
    name           String COMMENT 'of the workload',
    autoscaler     String COMMENT 'name of the HorizontalPodAutoscaler or ScaledObject; empty: nobody knows it',
    source         LowCardinality(String) COMMENT 'hpa, keda, metrics or scale: how it was found',
    min_replicas   Nullable(UInt32),
    max_replicas   Nullable(UInt32),
    cpu_target_pct Nullable(UInt32) COMMENT 'average cpu utilisation that it scales by, per cent of the requests',
    mem_target_pct Nullable(UInt32) COMMENT 'likewise of memory',
    since          DateTime64(3, 'UTC') COMMENT 'when it was found',
    gone_at        Nullable(DateTime64(3, 'UTC')) COMMENT 'since when it is gone, or of source scale: when it scaled last',
    version        UInt64 COMMENT 'microseconds since 1970, and more than the version before',
    updated_at     DateTime64(3, 'UTC'),
    updated_by     String,
    deleted        Bool DEFAULT false
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (env, namespace, kind, name);

CREATE TABLE IF NOT EXISTS limit_range
(
    env          LowCardinality(String),
    namespace    LowCardinality(String),
    limit_ranges String COMMENT 'JSON: the specs of the namespace''s LimitRanges',
    quotas       String COMMENT 'JSON: name and spec.hard of each ResourceQuota',
    version      UInt64 COMMENT 'as of autoscaler',
    updated_at   DateTime64(3, 'UTC'),
    updated_by   String,
    deleted      Bool DEFAULT false
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (env, namespace);

CREATE MATERIALIZED VIEW IF NOT EXISTS change_mark_autoscaler TO change_mark AS
SELECT 'autoscaler' AS source, env, max(autoscaler.version) AS version FROM autoscaler GROUP BY env;

CREATE MATERIALIZED VIEW IF NOT EXISTS change_mark_limit_range TO change_mark AS
SELECT 'limit_range' AS source, env, max(limit_range.version) AS version FROM limit_range GROUP BY env;

-- As before, and `autoscaled`: whether the count is an autoscaler's. The expert says as_found (rows from before this
-- migration: fixed), autoscaled, or pinned: KubeDoor's count holds, whatever scales.
CREATE OR REPLACE VIEW effective AS
WITH merged AS
(
    SELECT
        env,
        namespace,
        kind,
        name,
        countIf(source = 'control' AND rows.deleted) > 0 AS removed,
        countIf(source != 'autoscaler' AND NOT rows.deleted) > 0 AS present,
        any(rows.replicas_manual) AS replicas_manual,
        any(rows.replicas_ai) AS replicas_ai,
        any(rows.replicas_observed) AS replicas_observed,
        any(rows.replicas_initial) AS replicas_initial,
        anyIf(rows.replicas_policy, source = 'control') AS policy,
        countIf(source = 'autoscaler' AND NOT rows.deleted) > 0 AS found,
        any(rows.mode) AS mode,
        anyIf(rows.note, source = 'control') AS note,
        anyIf(`containers.name`, source = 'control') AS c_name,
        anyIf(`containers.request_cpu_m`, source = 'control') AS c_request_cpu_m,
        anyIf(`containers.limit_cpu_m`, source = 'control') AS c_limit_cpu_m,
        anyIf(`containers.request_mem_mib`, source = 'control') AS c_request_mem_mib,
        anyIf(`containers.limit_mem_mib`, source = 'control') AS c_limit_mem_mib,
        anyIf(`containers.name`, source = 'derived') AS d_name,
        anyIf(`containers.request_cpu_m`, source = 'derived') AS d_request_cpu_m,
        anyIf(`containers.limit_cpu_m`, source = 'derived') AS d_limit_cpu_m,
        anyIf(`containers.request_mem_mib`, source = 'derived') AS d_request_mem_mib,
        anyIf(`containers.limit_mem_mib`, source = 'derived') AS d_limit_mem_mib,
        maxIf(rows.version, source = 'control') AS control_version,
        maxIf(rows.version, source = 'derived') AS derived_version,
        maxIf(rows.updated_at, source != 'autoscaler') AS updated_at,
        argMaxIf(rows.updated_by, rows.updated_at, source != 'autoscaler') AS updated_by,
        arrayDistinct(arrayConcat(d_name, c_name)) AS names
    FROM
    (
        SELECT
            'derived' AS source, env, namespace, kind, name, deleted,
            CAST(NULL, 'Nullable(UInt32)') AS replicas_manual, replicas_ai, replicas_observed, replicas_initial,
            '' AS replicas_policy, CAST(NULL, 'Nullable(String)') AS mode, '' AS note,
            `containers.name`, `containers.request_cpu_m`, `containers.limit_cpu_m`,
            `containers.request_mem_mib`, `containers.limit_mem_mib`,
            version, updated_at, updated_by
        FROM derived FINAL
        WHERE NOT deleted
        UNION ALL
        SELECT
            'control' AS source, env, namespace, kind, name, deleted,
            replicas_manual, CAST(NULL, 'Nullable(UInt32)') AS replicas_ai,
            CAST(NULL, 'Nullable(UInt32)') AS replicas_observed, CAST(NULL, 'Nullable(UInt32)') AS replicas_initial,
            replicas_policy, mode, note,
            `containers.name`, `containers.request_cpu_m`, `containers.limit_cpu_m`,
            `containers.request_mem_mib`, `containers.limit_mem_mib`,
            version, updated_at, updated_by
        FROM control FINAL
        UNION ALL
        SELECT
            'autoscaler' AS source, env, namespace, kind, name, deleted,
            CAST(NULL, 'Nullable(UInt32)') AS replicas_manual, CAST(NULL, 'Nullable(UInt32)') AS replicas_ai,
            CAST(NULL, 'Nullable(UInt32)') AS replicas_observed, CAST(NULL, 'Nullable(UInt32)') AS replicas_initial,
            '' AS replicas_policy, CAST(NULL, 'Nullable(String)') AS mode, '' AS note,
            CAST([], 'Array(String)') AS `containers.name`,
            CAST([], 'Array(Nullable(UInt32))') AS `containers.request_cpu_m`,
            CAST([], 'Array(Nullable(UInt32))') AS `containers.limit_cpu_m`,
            CAST([], 'Array(Nullable(UInt32))') AS `containers.request_mem_mib`,
            CAST([], 'Array(Nullable(UInt32))') AS `containers.limit_mem_mib`,
            version, updated_at, updated_by
        FROM autoscaler FINAL
    ) AS rows
    GROUP BY env, namespace, kind, name
)
SELECT
    env,
    namespace,
    kind,
    name,
    coalesce(replicas_manual, replicas_ai, replicas_observed) AS replicas,
    multiIf(
        replicas_manual IS NOT NULL, 'manual',
        replicas_ai IS NOT NULL, 'ai',
        replicas_observed IS NOT NULL, 'observed',
        NULL
    ) AS replicas_source,
    replicas_manual,
    replicas_ai,
    replicas_observed,
    replicas_initial,
    if(policy IN ('autoscaled', 'pinned'), policy, 'as_found') AS replicas_policy,
    policy = 'autoscaled' OR (policy != 'pinned' AND found) AS autoscaled,
    mode,
    note,
    names AS `containers.name`,
    arrayMap(n -> coalesce(c_request_cpu_m[indexOf(c_name, n)], d_request_cpu_m[indexOf(d_name, n)]), names) AS `containers.request_cpu_m`,
    arrayMap(n -> coalesce(c_limit_cpu_m[indexOf(c_name, n)], d_limit_cpu_m[indexOf(d_name, n)]), names) AS `containers.limit_cpu_m`,
    arrayMap(n -> coalesce(c_request_mem_mib[indexOf(c_name, n)], d_request_mem_mib[indexOf(d_name, n)]), names) AS `containers.request_mem_mib`,
    arrayMap(n -> coalesce(c_limit_mem_mib[indexOf(c_name, n)], d_limit_mem_mib[indexOf(d_name, n)]), names) AS `containers.limit_mem_mib`,
    control_version,
    derived_version,
    greatest(control_version, derived_version) AS version,
    updated_at,
    updated_by
FROM merged
WHERE present AND NOT removed;

CREATE OR REPLACE VIEW effective_container AS
SELECT
    env,
    namespace,
    kind,
    name,
    container,
    request_cpu_m,
    limit_cpu_m,
    request_mem_mib,
    limit_mem_mib,
    replicas,
    replicas_source,
    replicas_policy,
    mode,
    autoscaled
FROM effective
ARRAY JOIN
    `containers.name` AS container,
    `containers.request_cpu_m` AS request_cpu_m,
    `containers.limit_cpu_m` AS limit_cpu_m,
    `containers.request_mem_mib` AS request_mem_mib,
    `containers.limit_mem_mib` AS limit_mem_mib;
