"""The parts of the score: what each finds, or None where nothing of it is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kubedoor_core.domain.score.day import ScoredContainer, ScoredDay
from kubedoor_core.domain.score.deductions import Found, Parameters, Remedy, Rule
from kubedoor_core.domain.score.policy import ScorePolicy

FULL = 100.0


def cost(day: ScoredDay, policy: ScorePolicy) -> list[Found] | None:
    """Return what is asked for and not used at the peak."""
    used = asked = 0.0
    for one in day.containers:
        if None in (one.p95_cpu_m, one.p95_mem_mib, one.request_cpu_m, one.request_mem_mib):
            continue
        used += policy.prices.weight(one.p95_cpu_m or 0, one.p95_mem_mib or 0)
        asked += policy.prices.weight(one.request_cpu_m or 0, one.request_mem_mib or 0)
    if not asked:
        return None
    share = used / asked
    part = min(max((share - policy.used_badly) / (policy.used_well - policy.used_badly), 0.0), 1.0)
    if part == 1:
        return []
    remedy, changes = _lower(day, policy)
    lost = FULL * (1 - part)
    return [Found("request_unused", lost, share, policy.used_well, remedy=remedy, changes=changes)]


def _lower(day: ScoredDay, policy: ScorePolicy) -> tuple[Remedy | None, int]:
    """Return the request whose fall would give back most, and how many could fall."""
    falls = [
        (policy.prices.weight(*gap), one.name, resource, derived)
        for one in day.containers
        for resource, request, derived, gap in (
            (
                "cpu",
                one.request_cpu_m,
                one.derived_cpu_m,
                ((one.request_cpu_m or 0) - (one.derived_cpu_m or 0), 0),
            ),
            (
                "memory",
                one.request_mem_mib,
                one.derived_mem_mib,
                (0, (one.request_mem_mib or 0) - (one.derived_mem_mib or 0)),
            ),
        )
        if request is not None and derived is not None and derived < request
    ]
    if not falls:
        return None, 1
    _, name, resource, derived = max(falls)
    return Remedy("set_request", {"container": name, "resource": resource, "value": derived}), len(falls)


def safety(day: ScoredDay, policy: ScorePolicy) -> list[Found] | None:
    """Return what may end a pod or slow it down."""
    if all(one.p95_cpu_m is None and one.p95_mem_mib is None for one in day.containers):
        return None
    found: list[Found] = []
    if day.oom_days:
        often = day.oom_days >= policy.oom_days
        rule: Rule = "oom_killed_often" if often else "oom_killed"
        threshold = policy.oom_days if often else 1
        found.append(Found(rule, 60 if often else 40, day.oom_days, threshold, date=day.oom_last))
    found += _largest(one for container in day.containers for one in _of_container(container, policy))
    if day.production and day.replicas == 1:
        found.append(Found("one_pod", 10, 1, 2, remedy=Remedy("set_replicas", {"value": 2})))
    return found


def _of_container(one: ScoredContainer, policy: ScorePolicy) -> Iterator[Found]:
    yield from _near(one, "memory", one.p95_mem_mib, one.limit_mem_mib, 25, policy)
    yield from _near(one, "cpu", one.p95_cpu_m, one.limit_cpu_m, 15, policy)
    yield from _short(one, "cpu", one.p95_cpu_m, one.request_cpu_m, one.derived_cpu_m, policy)
    yield from _short(one, "memory", one.p95_mem_mib, one.request_mem_mib, one.derived_mem_mib, policy)
    yield from _steps(
        one.throttled_pct,
        (("throttled", 15, policy.throttled_pct), ("much_throttled", 30, policy.much_throttled_pct)),
        one.name,
    )
    if one.limits_known and not one.limit_mem_mib:
        yield Found("no_memory_limit", 15, 0, 1, one.name)


def _near(
    one: ScoredContainer,
    resource: str,
    used: float | None,
    limit: float | None,
    points: float,
    policy: ScorePolicy,
) -> Iterator[Found]:
    if used is None or not limit or FULL * used / limit < policy.near_limit_pct:
        return
    rule: Rule = "memory_near_limit" if resource == "memory" else "cpu_near_limit"
    wanted: Parameters = {"container": one.name, "resource": resource, "value": _half_more(used)}
    yield Found(
        rule, points, FULL * used / limit, policy.near_limit_pct, one.name, Remedy("set_limit", wanted)
    )


def _half_more(used: float) -> float:
    return float(round(used * 1.5))


def _short(
    one: ScoredContainer,
    resource: str,
    used: float | None,
    request: float | None,
    derived: float | None,
    policy: ScorePolicy,
) -> Iterator[Found]:
    if not used or request is None or request >= policy.short_request * used:
        return
    rule: Rule = "memory_request_short" if resource == "memory" else "cpu_request_short"
    value = derived if derived is not None and derived > request else used
    wanted: Parameters = {"container": one.name, "resource": resource, "value": value}
    yield Found(rule, 20, request / used, policy.short_request, one.name, Remedy("set_request", wanted))


def count(day: ScoredDay, policy: ScorePolicy) -> list[Found] | None:
    """Return how far the pods are from what is needed."""
    if day.replicas is None or not day.needed:
        return None
    pods, needed = day.replicas, day.needed
    if pods < needed:
        return [Found("too_few_pods", FULL, pods, needed, remedy=Remedy("advice"))]
    most, worst = needed + max(1.0, policy.pods_more * needed), policy.pods_times * needed
    if pods <= most:
        return []
    lost = FULL * (pods - most) / (worst - most) if pods < worst else FULL
    return [Found("too_many_pods", lost, pods, needed, remedy=Remedy("advice"))]


def runtime(day: ScoredDay, policy: ScorePolicy) -> list[Found] | None:
    """Return what requests and garbage collection say."""
    slow = day.latency_ms / day.usual_latency_ms if day.latency_ms and day.usual_latency_ms else None
    of_jvms = (value for one in day.containers for value in (one.gc_pct, one.full_gc, _heap(one)))
    if all(value is None for value in (day.error_pct, slow, *of_jvms)):
        return None
    found = [
        *_steps(
            day.error_pct, (("errors", 30, policy.errors_pct), ("many_errors", 60, policy.many_errors_pct))
        ),
        *_steps(slow, (("slow", 20, policy.slow_times), ("very_slow", 40, policy.very_slow_times))),
    ]
    return [*found, *_largest(one for container in day.containers for one in _jvm(container, policy))]


def _jvm(one: ScoredContainer, policy: ScorePolicy) -> Iterator[Found]:
    yield from _steps(one.gc_pct, (("gc", 20, policy.gc_pct), ("much_gc", 40, policy.much_gc_pct)), one.name)
    yield from _steps(one.full_gc, (("full_gc", 15, 1),), one.name)
    yield from _steps(_heap(one), (("heap_full", 20, policy.heap_share),), one.name)


def _heap(one: ScoredContainer) -> float | None:
    return (
        one.heap_live_mib / one.heap_max_mib if one.heap_live_mib is not None and one.heap_max_mib else None
    )


def steadiness(day: ScoredDay, policy: ScorePolicy) -> list[Found] | None:
    """Return how evenly the pods work, and how well they are known."""
    hot = [one.hot_cpu_m / one.p95_cpu_m for one in day.containers if one.hot_cpu_m and one.p95_cpu_m]
    restarts = [one.restarts for one in day.containers if one.restarts is not None]
    if day.coverage is None and not hot and not restarts:
        return None
    spread = Remedy("spread_pods")
    steps: tuple[Step, ...] = (
        ("hot_pod", 30, policy.hot_times),
        ("very_hot_pod", 60, policy.very_hot_times),
    )
    found = [
        *_steps(max(hot, default=None), steps, remedy=spread),
        *_steps(sum(restarts) if restarts else None, (("restarts", 30, 1),)),
    ]
    if day.coverage is not None and day.coverage < policy.coverage:
        found.append(Found("thin_coverage", 30, day.coverage, policy.coverage))
    return found


Step = tuple[Rule, float, float]
"""A rule, its points, and the value from which on it holds."""


def _steps(
    value: float | None, steps: Sequence[Step], container: str | None = None, remedy: Remedy | None = None
) -> Iterator[Found]:
    """Yield the last of some steps that a value reaches."""
    reached = [step for step in steps if value is not None and value >= step[2]]
    if value is not None and reached:
        rule, points, threshold = reached[-1]
        yield Found(rule, points, value, threshold, container, remedy)


FAMILY: dict[Rule, Rule] = {"much_throttled": "throttled", "much_gc": "gc"}
"""Of two steps of the same thing one counts, whichever containers reach them."""


def _largest(found: Iterator[Found]) -> list[Found]:
    """Return each rule once, of the container that it takes most for."""
    largest: dict[Rule, Found] = {}
    for one in found:
        family = FAMILY.get(one.rule, one.rule)
        if family not in largest or one.points > largest[family].points:
            largest[family] = one
    return list(largest.values())
