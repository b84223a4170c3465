-- Advice on the count of pods: what is advised, what became of it, and how well services ask for what they use.

-- The history first: the view that feeds it selects whatever `control` has.
ALTER TABLE control_history
    ADD COLUMN IF NOT EXISTS replicas_ai Nullable(UInt32) COMMENT 'count of an accepted advice, behind a manual one' AFTER replicas_manual,
    ADD COLUMN IF NOT EXISTS advice_id String DEFAULT '' COMMENT 'the advice that was accepted, or empty' AFTER replicas_ai;

ALTER TABLE control
    ADD COLUMN IF NOT EXISTS replicas_ai Nullable(UInt32) COMMENT 'count of an accepted advice, behind a manual one' AFTER replicas_manual,
    ADD COLUMN IF NOT EXISTS advice_id String DEFAULT '' COMMENT 'the advice that was accepted, or empty' AFTER replicas_ai;

CREATE TABLE IF NOT EXISTS advice
(
    env              LowCardinality(String),
    id               String,
    at               DateTime64(3, 'UTC') COMMENT 'when it was made',
    as_of            Date COMMENT 'the last day that it looked at',
    namespace        LowCardinality(String),
    kind             LowCardinality(String) DEFAULT 'Deployment',
    name             String,
    replicas_now     UInt32,
    replicas_needed  Nullable(UInt32) COMMENT 'the largest of its bounds; NULL: unknown',
    replicas_advised Nullable(UInt32) COMMENT 'for the next step; NULL: no advice',
    replicas_available Nullable(UInt32) COMMENT 'the least that disruptions need; NULL: unknown',
    of_least         Bool DEFAULT false COMMENT 'about the least count of an autoscaler',
    verdict          LowCardinality(String) COMMENT 'fewer, same, more, none or unknown',
    binding          LowCardinality(String) COMMENT 'name of the bound that holds, or empty',
    confidence       Float32 COMMENT '0..1',
    bounds           String COMMENT 'JSON',
    facts            String COMMENT 'JSON',
    saving           String COMMENT 'JSON',
    not_because      Array(LowCardinality(String)) COMMENT 'words of why there is no advice',
    version          UInt64 COMMENT 'version of the service that it was computed from',
    ai_call_id       String DEFAULT ''
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (env, namespace, kind, name, at)
TTL toDateTime(at) + INTERVAL 400 DAY;

CREATE TABLE IF NOT EXISTS advice_decision
(
    env          LowCardinality(String),
    advice_id    String,
    at           DateTime64(3, 'UTC'),
    actor        String,
    decision     LowCardinality(String) COMMENT 'accepted, dismissed or expired',
    namespace    LowCardinality(String),
    kind         LowCardinality(String) DEFAULT 'Deployment',
    name         String,
    replicas     Nullable(UInt32) COMMENT 'the count that was accepted',
    until        Nullable(Date) COMMENT 'dismissed up to this day',
    reason       String DEFAULT '',
    operation_id String DEFAULT '' COMMENT 'the operation that scales to it, or empty'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (env, namespace, kind, name, at)
TTL toDateTime(at) + INTERVAL 400 DAY;

CREATE TABLE IF NOT EXISTS advice_outcome
(
    env        LowCardinality(String),
    advice_id  String,
    day        Date COMMENT 'a local day after the acceptance',
    namespace  LowCardinality(String),
    kind       LowCardinality(String) DEFAULT 'Deployment',
    name       String,
    held       Bool COMMENT 'nothing got worse',
    what       String COMMENT 'JSON: what got worse, and what was saved at equal load',
    written_at DateTime64(3, 'UTC') COMMENT 'version of the row'
)
ENGINE = ReplacingMergeTree(written_at)
PARTITION BY toYYYYMM(day)
ORDER BY (env, namespace, kind, name, advice_id, day)
TTL day + INTERVAL 400 DAY;

CREATE TABLE IF NOT EXISTS score_daily
(
    env         LowCardinality(String),
    namespace   LowCardinality(String),
    kind        LowCardinality(String) DEFAULT 'Deployment',
    name        String,
    date        Date,
    score       Nullable(Float64) COMMENT '0..100; NULL: less than half of its weight is known',
    known_pct   Float64,
    cost        Float64 COMMENT 'what its requests weigh in a mean: money where there are prices, else GiB',
    money_month Nullable(Float64) COMMENT 'what its requests cost a month; NULL: no price was known',
    parts       String COMMENT 'JSON',
    deductions  String COMMENT 'JSON',
    made_of     UInt64 COMMENT 'sign of the day''s rows and advice that it was made of',
    made_by     UInt64 COMMENT 'sign of the weights, thresholds and prices that it was made by',
    written_at  DateTime64(3, 'UTC') COMMENT 'version of the row',
    deleted     Bool DEFAULT false
)
ENGINE = ReplacingMergeTree(written_at, deleted)
PARTITION BY toYYYYMM(date)
ORDER BY (env, namespace, kind, name, date)
TTL date + INTERVAL 400 DAY;

-- As before, with the count of an accepted advice.
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
        coalesce(anyIf(rows.replicas_ai, source = 'control'), anyIf(rows.replicas_ai, source = 'derived')) AS replicas_ai,
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
            replicas_manual, replicas_ai,
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
