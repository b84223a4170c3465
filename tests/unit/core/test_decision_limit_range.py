"""A namespace's LimitRange: what is governed keeps within it, so that what was valid stays valid."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubedoor_core.domain import quantity
from kubedoor_core.domain.admission.container_resources import Floors
from kubedoor_core.domain.admission.decide import Rules, decide
from kubedoor_core.domain.admission.decision import Decision
from kubedoor_core.domain.admission.limit_range import LimitRange, limit_range_of
from kubedoor_core.domain.admission.review import parse_review
from kubedoor_core.domain.control import ContainerValues, Service
from kubedoor_core.domain.mode import Mode
from kubedoor_core.errors import BadValueError
from kubedoor_dev.cluster.jsonpatch import apply
from support.reviews import Json, container, deployment, review
from support.strategies import services


def limits(**bounds: Json) -> LimitRange:
    return limit_range_of([{"limits": [{"type": "Container", **bounds}]}])


def ask(obj: Json, limit_range: LimitRange, *rows: ContainerValues) -> tuple[Decision, list[Any]]:
    service = Service("shop", "checkout", 10, "manual", containers=rows)
    rules = Rules(Floors(), limit_range=limit_range)
    decision = decide(parse_review(review(obj)), service, Mode.ENFORCE, rules)
    patched = apply(obj, decision.patch)
    assert decide(parse_review(review(patched)), service, Mode.ENFORCE, rules).patch == ()
    return decision, [each.get("resources") for each in patched["spec"]["template"]["spec"]["containers"]]


ROW = ContainerValues("app", 856, 5600, 512, 1024)


def test_a_ratio_that_is_broken_raises_the_request() -> None:
    within = limits(min={"cpu": "100m"}, maxLimitRequestRatio={"cpu": "4"})
    decision, (got,) = ask(deployment(container("app")), within, ROW)
    assert got["requests"]["cpu"] == "1400m"
    assert got["limits"]["cpu"] == "5600m"
    told = "app: cpu request 856m is not allowed by the namespace's LimitRange, set to 1400m"
    assert told in decision.warnings


def test_below_the_least_a_value_rises_and_above_the_most_it_comes_down() -> None:
    within = limits(min={"cpu": "1", "memory": "1Gi"}, max={"cpu": "2", "memory": "2Gi"})
    _, (got,) = ask(deployment(container("app")), within, ROW)
    assert got == {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"cpu": "2", "memory": "1Gi"}}


def test_a_request_keeps_below_the_limit_that_the_namespace_gives() -> None:
    within = limits(default={"cpu": "500m"}, defaultRequest={"cpu": "100m"})
    _, (got,) = ask(deployment(container("app")), within, ContainerValues("app", 856))
    assert got["requests"]["cpu"] == "500m"


def test_of_several_the_narrowest_bound_holds() -> None:
    found = limit_range_of(
        [
            {"limits": [{"type": "Container", "min": {"cpu": "1"}, "max": {"cpu": "8"}}]},
            {"limits": [{"type": "Container", "min": {"cpu": "500m"}, "max": {"cpu": "4"}}, {"type": "Pod"}]},
        ]
    )
    assert (found.cpu.min, found.cpu.max) == ((quantity.cpu(1000), "1"), (quantity.cpu(4000), "4"))


def test_what_the_pod_as_a_whole_may_not_have_leaves_the_resources() -> None:
    within = limit_range_of([{"limits": [{"type": "Pod", "max": {"cpu": "6"}}]}])
    before = deployment(container("app"), container("side"))
    rows = (ROW, ContainerValues("side", 500, 1000))
    decision, got = ask(before, within, *rows)
    assert got == [None, None]
    assert any("the pod's cpu limit would not be allowed" in warning for warning in decision.warnings)


@pytest.mark.parametrize("bad", [{"min": {"cpu": "-1"}}, {"max": {"memory": "lots"}}])
def test_what_is_no_bound_is_refused(bad: Json) -> None:
    with pytest.raises(BadValueError):
        limits(**bad)


CPU = st.sampled_from(["50m", "100m", "250m", "500m", "1", "2", "4", "7"])


@st.composite
def cpu_ranges(draw: st.DrawFn) -> dict[str, str]:
    """A LimitRange's cpu, as the API server takes it and with the defaults that it adds."""
    values = sorted(draw(st.lists(CPU, min_size=3, max_size=3)), key=quantity.parse)
    found = {"min": values[0], "max": values[2], "default": values[2], "defaultRequest": values[0]}
    if draw(st.booleans()):
        found |= {"default": values[1], "defaultRequest": values[0]}
    if draw(st.booleans()):
        found["maxLimitRequestRatio"] = draw(st.sampled_from(["1", "2", "4", "10"]))
    return found


def refused(resources: Json | None, bounds: dict[str, str]) -> bool:
    """Whether Kubernetes refuses a container, after its own defaults and the LimitRange's."""
    asked = dict((resources or {}).get("requests") or {})
    bound = dict((resources or {}).get("limits") or {})
    if "cpu" in bound and "cpu" not in asked:
        asked["cpu"] = bound["cpu"]
    bound.setdefault("cpu", bounds["default"])
    asked.setdefault("cpu", bounds["defaultRequest"])
    request, limit = quantity.parse(asked["cpu"]), quantity.parse(bound["cpu"])
    ratio = Fraction(bounds.get("maxLimitRequestRatio", "1000000"))
    return (
        request > limit
        or not quantity.parse(bounds["min"]) <= request
        or not limit <= quantity.parse(bounds["max"])
        or (request == 0 or Fraction(limit, request) > ratio)
    )


RESOURCES = st.one_of(
    st.none(),
    st.builds(
        lambda asked, bound: {
            **({"requests": {"cpu": asked}} if asked else {}),
            **({"limits": {"cpu": bound}} if bound else {}),
        },
        st.one_of(st.none(), CPU), st.one_of(st.none(), CPU),
    ),
)  # fmt: skip


@given(RESOURCES, cpu_ranges(), services())
def test_what_was_valid_stays_valid(resources: Json | None, bounds: dict[str, str], service: Service) -> None:
    if refused(resources, bounds):
        return
    rows = tuple(row._replace(name="app") for row in service.containers[:1])
    within = limits(**{name: {"cpu": value} for name, value in bounds.items()})
    _, (got,) = ask(deployment(container("app", resources)), within, *rows)
    assert not refused(got, bounds), (resources, bounds, rows, got)
