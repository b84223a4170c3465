"""Conditions and columns that statements of several packages share."""

from collections.abc import Mapping, Sequence

from kubedoor_core.domain.invalid_values import VALID
from kubedoor_core.domain.workload import WORKLOAD_KINDS

SERVICE_KEY = """env = {env:String} AND namespace = {namespace:String}
    AND kind = {kind:String} AND name = {name:String}"""
"""The rows of one service."""

CONTAINER_COLUMNS = (
    "containers.name", "containers.request_cpu_m", "containers.limit_cpu_m",
    "containers.request_mem_mib", "containers.limit_mem_mib",
)  # fmt: skip
EXPERT_COLUMNS = (
    "env", "namespace", "kind", "name", "replicas_manual", "replicas_ai", "advice_id", "replicas_policy",
    "mode", "note", *CONTAINER_COLUMNS, "deleted", "version", "updated_at", "updated_by",
)  # fmt: skip
"""The columns of `control` that `kubedoor_core.domain.control.expert_from_row` reads."""
DERIVED_COLUMNS = (
    "replicas_ai", "replicas_observed", "replicas_initial", *CONTAINER_COLUMNS,
    "peak_date_cpu", "peak_date_mem", "peak_pods_cpu", "peak_pods_mem", "coverage_cpu", "coverage_mem",
    "window_cpu", "window_mem", "first_seen", "last_seen", "request_rule", "memory_rule",
    "runner_up_dates_cpu", "runner_up_dates_mem", "hpa_cpu_pct", "hpa_mem_pct", "own_peak_hour",
    "own_peak_cpu_m", "peaks_elsewhere", "used_cpu_m", "used_mem_mib", "rule_exception", "lookback_days",
    "margin_pct", "memory_margin_pct", "hpa_left", "version", "updated_at", "updated_by",
)  # fmt: skip
"""The columns of `derived` that `derived_from_row` reads."""

AUTOSCALER_COLUMNS = (
    "namespace", "kind", "name", "autoscaler", "source", "min_replicas", "max_replicas", "cpu_target_pct",
    "mem_target_pct", "since", "gone_at", "version", "deleted",
)  # fmt: skip
"""The columns of `autoscaler` that `kubedoor_core.domain.autoscaler.autoscaler_from_row` reads."""


def select(columns: Sequence[str], prefix: str = "") -> str:
    """Return columns as a statement selects them.

    :param prefix: put before each name in the answer.
    """
    return ", ".join(f"`{name}` AS `{prefix}{name}`" if prefix else f"`{name}`" for name in columns)


PROFILE_HEX = "arrayStringConcat(arrayMap(m -> hex(toFloat32(ifNull(m, nan))), profile_cpu_m))"
"""Of a row of `resource_daily`: its profile as `kubedoor_core.domain.derivation.history.profile_of` reads it.

Hundreds of numbers and nulls a row take a reader several times as long as one text.
"""
USED_BY_SLOT = """arrayMap(
    (m, i) -> ifNull(m, 0) * ifNull(profile_pods[intDiv(i - 1, 12) + 1], 0),
    arraySlice(profile_cpu_m, 1, 288), arrayEnumerate(arraySlice(profile_cpu_m, 1, 288))
)"""
"""Of a row of `resource_daily`: what all pods used in each five minutes of a day, millicores; unknown: 0."""
KNOWN_BY_SLOT = "arrayMap(m -> toUInt32(m IS NOT NULL), arraySlice(profile_cpu_m, 1, 288))"
"""Likewise: 1 where that is known, else 0."""
TARGETS = """
SELECT namespace, kind, name, cpu_target_pct, mem_target_pct FROM autoscaler FINAL
WHERE env = {env:String} AND NOT deleted AND (cpu_target_pct IS NOT NULL OR mem_target_pct IS NOT NULL)
"""
DERIVED_TARGETS = """
SELECT namespace, kind, name, hpa_cpu_pct AS cpu_target_pct, hpa_mem_pct AS mem_target_pct FROM derived FINAL
WHERE env = {env:String} AND NOT deleted AND (hpa_cpu_pct IS NOT NULL OR hpa_mem_pct IS NOT NULL)
"""
MOST_MEM_MIB = (
    "nullIf(greatest(ifNull(max_mem_mib, 0), arrayMax(arrayMap(m -> ifNull(m, 0), profile_mem_mib))), 0)"
)
"""Of a row of `resource_daily`: the largest working set of the whole day, as far as it is known."""


def _text(value: str) -> str:
    return f"'{value}'"


OF_A_KIND = f"kind IN ({', '.join(map(_text, WORKLOAD_KINDS))})"
"""The rows of services, and not those of what somebody has written into `kind`."""


def _invalid_values(table: str, columns: Mapping[str, Sequence[str]]) -> str:
    """Return the statement of a table's texts that are none of their column's values."""
    held = ", ".join(f"('{column}', ifNull(toString({column}), ''))" for column in columns)
    valid = ", ".join(f"('{column}', '{value}')" for column, values in columns.items() for value in values)
    return f"""
SELECT '{table}' AS of_table, toString(namespace) AS namespace, name, held.1 AS of_column, held.2 AS value
FROM {table} FINAL ARRAY JOIN [{held}] AS held
WHERE env = {{env:String}} AND NOT deleted AND (held.1, held.2) NOT IN ({valid})
    AND (empty({{namespaces:Array(String)}}) OR namespace IN {{namespaces:Array(String)}})
    AND (empty({{names:Array(String)}}) OR name IN {{names:Array(String)}})
"""  # noqa: S608 constants


INVALID_VALUES = "UNION ALL".join(_invalid_values(*table) for table in VALID.items())
"""What rows of services hold and must not, of some services, or, with empty lists, of all of an env."""
