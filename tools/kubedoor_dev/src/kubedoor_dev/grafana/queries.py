"""The statements of the dashboards.

Grafana fills in `${env:sqlstring}` (quoted) and the ClickHouse data source its macros. What is added up is
what the console adds up: P95 times pods, per service and container.
"""

from __future__ import annotations

ENVS = "SELECT DISTINCT env FROM resource_daily ORDER BY env"
NAMESPACES = "SELECT DISTINCT namespace FROM resource_daily WHERE env = ${env:sqlstring} ORDER BY namespace"
SERVICES = """
SELECT DISTINCT name FROM resource_daily
WHERE env = ${env:sqlstring} AND namespace = ${namespace:sqlstring} ORDER BY name
"""

IN_ENV = "FROM resource_daily FINAL WHERE env = ${env:sqlstring} AND NOT deleted"
IN_TIME = f"{IN_ENV} AND $__dateFilter(date)"
LATEST = f"{IN_ENV} AND date = (SELECT max(date) {IN_TIME})"
"""The last peak day within the chosen time."""
OF_SERVICE = f"{IN_TIME} AND namespace = ${{namespace:sqlstring}} AND name = ${{service:sqlstring}}"

CORES = 1000
GIB = 1024


def _sums(resource: str, divisor: int) -> str:
    """Return what a set of containers used, asked for and may use at most."""
    columns = (("used", "p95"), ("request", "request"), ("limit", "limit"))
    return ", ".join(
        f"sum(pod_count * {prefix}_{resource}) / {divisor} AS `{name}`" for name, prefix in columns
    )


CPU_SUMS = _sums("cpu_m", CORES)
MEM_SUMS = _sums("mem_mib", GIB)

CPU = f"SELECT {CPU_SUMS} {LATEST}"
MEM = f"SELECT {MEM_SUMS} {LATEST}"


def _used_pct(resource: str) -> str:
    """Return what is used of what is requested, of the containers that request something."""
    used = f"sum(if(request_{resource} > 0, pod_count * p95_{resource}, 0))"
    return f"100 * {used} / nullIf(sum(pod_count * request_{resource}), 0)"


USED_PCT = f"SELECT {_used_pct('cpu_m')} AS cpu, {_used_pct('mem_mib')} AS memory {LATEST}"
COUNTS = f"""
SELECT count() AS services, sum(pods) AS pods
FROM (SELECT max(pod_count) AS pods {LATEST} GROUP BY namespace, kind, name)
"""  # noqa: S608 constants of this file
PEAK_DAY = f"SELECT toString(max(date)) AS `peak day` {IN_TIME} HAVING count() > 0"

TIME = "toDateTime(date, 'UTC') AS time"
CPU_TREND = f"SELECT {TIME}, {CPU_SUMS} {IN_TIME} GROUP BY date ORDER BY date"
MEM_TREND = f"SELECT {TIME}, {MEM_SUMS} {IN_TIME} GROUP BY date ORDER BY date"
COUNT_TREND = f"""
SELECT {TIME}, sum(pods) AS pods, count() AS services
FROM (SELECT date, max(pod_count) AS pods {IN_TIME} GROUP BY date, namespace, kind, name)
GROUP BY date ORDER BY date
"""  # noqa: S608 constants of this file
NAMESPACE_CPU_TREND = f"""
SELECT {TIME}, toString(namespace) AS namespace, sum(pod_count * p95_cpu_m) / {CORES} AS used
{IN_TIME} GROUP BY date, namespace ORDER BY date, namespace
"""
DECISIONS = """
SELECT toStartOfDay(at) AS time, toString(outcome) AS outcome, count() AS decisions
FROM admission_log WHERE env = ${env:sqlstring} AND $__timeFilter(at)
GROUP BY time, outcome ORDER BY time, outcome
"""


def top(value: str) -> str:
    """Return the ten services with the largest value on the last peak day."""
    return f"""
SELECT toString(namespace) AS namespace, name AS service, {value} AS value
{LATEST} GROUP BY namespace, kind, name HAVING value > 0 ORDER BY value DESC, namespace, service LIMIT 10
"""


TOP_CPU = top(f"sum(pod_count * p95_cpu_m) / {CORES}")
TOP_MEM = top(f"sum(pod_count * p95_mem_mib) / {GIB}")
TOP_CPU_WASTE = top(f"sum(pod_count * greatest(toInt64(request_cpu_m) - p95_cpu_m, 0)) / {CORES}")
TOP_MEM_WASTE = top(f"sum(pod_count * greatest(toInt64(request_mem_mib) - p95_mem_mib, 0)) / {GIB}")
TOP_CPU_PCT = top("max(cpu_pct)")
TOP_MEM_PCT = top("max(mem_pct)")
TOP_PODS = top("max(pod_count)")
TOP_OOM = top("sum(oom_kills)")

NAMESPACE_SHARES = f"""
SELECT
    namespace, services, pods, 100 * pods / sum(pods) OVER () AS `pods %`,
    cores, 100 * cores / sum(cores) OVER () AS `cores %`,
    gib AS `GiB`, 100 * gib / sum(gib) OVER () AS `GiB %`
FROM
(
    SELECT
        toString(namespace) AS namespace, count() AS services, sum(service_pods) AS pods,
        sum(service_cores) AS cores, sum(service_gib) AS gib
    FROM
    (
        SELECT
            namespace, max(pod_count) AS service_pods,
            sum(pod_count * p95_cpu_m) / {CORES} AS service_cores,
            sum(pod_count * p95_mem_mib) / {GIB} AS service_gib
        {LATEST} GROUP BY namespace, kind, name
    )
    GROUP BY namespace
)
ORDER BY cores DESC, namespace
"""  # noqa: S608 constants of this file


def by_namespace(resource: str, divisor: int) -> str:
    """Return what each namespace used on the last peak day."""
    return f"""
SELECT toString(namespace) AS namespace, sum(pod_count * p95_{resource}) / {divisor} AS used
{LATEST} GROUP BY namespace ORDER BY used DESC, namespace
"""


NAMESPACE_CPU = by_namespace("cpu_m", CORES)
NAMESPACE_MEM = by_namespace("mem_mib", GIB)


def of_containers(columns: str) -> str:
    """Return some columns of a service's containers, day by day."""
    return f"SELECT {TIME}, toString(container) AS container, {columns} {OF_SERVICE} ORDER BY date, container"


SERVICE_CPU = of_containers(
    "p95_cpu_m AS used, p95_cpu_hot_m AS `hottest pod`, request_cpu_m AS `request`, limit_cpu_m AS `limit`"
)
SERVICE_MEM = of_containers(
    "p95_mem_mib AS used, max_mem_mib AS largest, request_mem_mib AS `request`, limit_mem_mib AS `limit`"
)
SERVICE_PCT = of_containers("cpu_pct AS cpu, mem_pct AS memory")
SERVICE_THROTTLED = of_containers("throttled_pct AS throttled")
SERVICE_OOM = of_containers("oom_kills AS kills")
SERVICE_COVERAGE = of_containers("100 * coverage AS coverage")
SERVICE_PODS = f"SELECT {TIME}, max(pod_count) AS pods {OF_SERVICE} GROUP BY date ORDER BY date"

OF_ONE = "env = ${env:sqlstring} AND namespace = ${namespace:sqlstring} AND name = ${service:sqlstring}"
ENFORCED = f"""
SELECT container, request_cpu_m AS `CPU request (m)`, limit_cpu_m AS `CPU limit (m)`,
    request_mem_mib AS `memory request (MiB)`, limit_mem_mib AS `memory limit (MiB)`,
    replicas, replicas_source AS `source`, replicas_policy AS policy
FROM effective_container WHERE {OF_ONE} ORDER BY container
"""  # noqa: S608 constants of this file
EDITS = f"""
SELECT updated_at AS time, updated_by AS `by`, if(deleted, 'removed', 'edited') AS what,
    replicas_manual AS replicas, replicas_policy AS policy, mode, note
FROM control_history WHERE {OF_ONE} AND $__timeFilter(updated_at) ORDER BY version DESC LIMIT 100
"""  # noqa: S608 constants of this file
SERVICE_DECISIONS = f"""
SELECT toStartOfDay(at) AS time, toString(outcome) AS outcome, count() AS decisions
FROM admission_log WHERE {OF_ONE} AND $__timeFilter(at)
GROUP BY time, outcome ORDER BY time, outcome
"""  # noqa: S608 constants of this file
