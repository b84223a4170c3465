-- The control table as admission and people see it: the expert's value where there is one, else the
-- derived one. A service is registered if it is here. GROUP BY rather than a join, so that a condition
-- on env, namespace or deployment reaches both tables.

CREATE VIEW IF NOT EXISTS effective AS
WITH merged AS
(
    SELECT
        env,
        namespace,
        deployment,
        countIf(source = 'control' AND rows.deleted) > 0 AS removed,
        countIf(NOT rows.deleted) > 0 AS present,
        any(rows.replicas_manual) AS replicas_manual,
        any(rows.replicas_ai) AS replicas_ai,
        any(rows.replicas_observed) AS replicas_observed,
        any(rows.replicas_initial) AS replicas_initial,
        anyIf(rows.replicas_policy, source = 'control') AS policy,
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
        max(rows.updated_at) AS updated_at,
        argMax(rows.updated_by, rows.updated_at) AS updated_by,
        arrayDistinct(arrayConcat(d_name, c_name)) AS names
    FROM
    (
        SELECT
            'derived' AS source, env, namespace, deployment, deleted,
            CAST(NULL, 'Nullable(UInt32)') AS replicas_manual, replicas_ai, replicas_observed, replicas_initial,
            '' AS replicas_policy, CAST(NULL, 'Nullable(String)') AS mode, '' AS note,
            `containers.name`, `containers.request_cpu_m`, `containers.limit_cpu_m`,
            `containers.request_mem_mib`, `containers.limit_mem_mib`,
            version, updated_at, updated_by
        FROM derived FINAL
        WHERE NOT deleted
        UNION ALL
        SELECT
            'control' AS source, env, namespace, deployment, deleted,
            replicas_manual, CAST(NULL, 'Nullable(UInt32)') AS replicas_ai,
            CAST(NULL, 'Nullable(UInt32)') AS replicas_observed, CAST(NULL, 'Nullable(UInt32)') AS replicas_initial,
            replicas_policy, mode, note,
            `containers.name`, `containers.request_cpu_m`, `containers.limit_cpu_m`,
            `containers.request_mem_mib`, `containers.limit_mem_mib`,
            version, updated_at, updated_by
        FROM control FINAL
    ) AS rows
    GROUP BY env, namespace, deployment
)
SELECT
    env,
    namespace,
    deployment,
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
    if(policy = '', 'fixed', policy) AS replicas_policy,
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

CREATE VIEW IF NOT EXISTS effective_container AS
SELECT
    env,
    namespace,
    deployment,
    container,
    request_cpu_m,
    limit_cpu_m,
    request_mem_mib,
    limit_mem_mib,
    replicas,
    replicas_source,
    replicas_policy,
    mode
FROM effective
ARRAY JOIN
    `containers.name` AS container,
    `containers.request_cpu_m` AS request_cpu_m,
    `containers.limit_cpu_m` AS limit_cpu_m,
    `containers.request_mem_mib` AS request_mem_mib,
    `containers.limit_mem_mib` AS limit_mem_mib;

-- One row for each INSERT into the control table or the settings, written by that very INSERT. It never
-- shrinks, so `count()`, which ClickHouse knows without reading, tells the webhook whether anything is new.
CREATE TABLE IF NOT EXISTS change_mark
(
    source  LowCardinality(String) COMMENT 'control, derived or setting',
    env     LowCardinality(String),
    version UInt64 COMMENT 'the largest that the INSERT held'
)
ENGINE = MergeTree
ORDER BY (env, source);

CREATE MATERIALIZED VIEW IF NOT EXISTS change_mark_control TO change_mark AS
SELECT 'control' AS source, env, max(control.version) AS version FROM control GROUP BY env;

CREATE MATERIALIZED VIEW IF NOT EXISTS change_mark_derived TO change_mark AS
SELECT 'derived' AS source, env, max(derived.version) AS version FROM derived GROUP BY env;

CREATE MATERIALIZED VIEW IF NOT EXISTS change_mark_setting TO change_mark AS
SELECT 'setting' AS source, env, max(setting.version) AS version FROM setting GROUP BY env;
