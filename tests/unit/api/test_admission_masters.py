"""What else services answer to, as the check list before `enforce` tells it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from kubedoor_api.admission.masters import Survey, asked_for, autoscaled_services, vertically_scaled
from kubedoor_api.admission.policy import Control
from kubedoor_api.kube.surroundings import VerticalAutoscaler, vertical_autoscaler_of
from kubedoor_core.domain.admission.container_resources import Floors
from kubedoor_core.domain.admission.decide import Rules
from kubedoor_core.domain.admission.limit_range import limit_range_of
from kubedoor_core.domain.autoscaler import Autoscaler
from kubedoor_core.domain.control import ContainerValues, Service
from kubedoor_core.domain.env_policy import AdmissionPolicy
from kubedoor_core.domain.mode import Mode
from kubedoor_core.regex import Expression
from support.operations import deployment

Json = Any
POLICY = AdmissionPolicy(Mode.OBSERVE, {}, Expression("shop"), Expression(""), "kubedoor", Rules(Floors()))
CART = Service("shop", "cart", 3, "manual", containers=(ContainerValues("app", 856, 5600, 512, 1024),))
FOUND = Autoscaler(namespace="shop", kind="Deployment", name="cart", autoscaler="hpa")


def control(*services: Service, limits: Json | None = None) -> Control:
    """What holds in an env whose `shop` alone is governed."""
    bounds = {"shop": limit_range_of([{"limits": [limits]}])} if limits else {}
    return Control({(one.namespace, one.name): one for one in services}, POLICY, bounds)


def surveyed(held: Control, *names: str, **quotas: Json) -> Survey:
    """A survey of live Deployments of two pods."""
    stored = {name: json.dumps([{"name": "team", "hard": hard}]) for name, hard in quotas.items()}
    survey = Survey(held, stored)
    for name in names:
        live: Json = deployment(name)
        survey.add(live, held.decide(live, Mode.ENFORCE))
    return survey


def test_every_registered_service_with_an_autoscaler_is_named_and_what_becomes_of_its_count() -> None:
    left = replace(CART, autoscaled=True)
    (told,) = autoscaled_services(control(left), [FOUND], {("shop", "cart"): 9})
    assert (told.autoscaler, told.source, told.left_alone, told.live, told.governed) == (
        "hpa", "hpa", True, 9, 3,
    )  # fmt: skip
    (pinned,) = autoscaled_services(control(replace(CART, pinned=True)), [FOUND], {})
    assert (pinned.left_alone, pinned.live) == (False, None)
    (by_hand,) = autoscaled_services(control(left), [], {})
    assert (by_hand.autoscaler, by_hand.source) == ("", None)


def test_what_is_not_registered_governed_or_there_is_not_named() -> None:
    elsewhere = replace(CART, namespace="pay", autoscaled=True)
    assert autoscaled_services(control(), [FOUND], {}) == []
    assert autoscaled_services(control(elsewhere), [replace(FOUND, namespace="pay")], {}) == []
    for other in (replace(FOUND, deleted=True), replace(FOUND, kind="StatefulSet")):
        assert autoscaled_services(control(CART), [other], {}) == []


def test_what_a_limit_range_does_not_allow_is_told_with_what_becomes_of_it() -> None:
    tight = {"type": "Container", "min": {"cpu": "100m"}, "maxLimitRequestRatio": {"cpu": "4"}}
    (told,) = surveyed(control(CART, limits=tight), "cart").bounded
    assert (told.namespace, told.name) == ("shop", "cart")
    assert [(note.code, note.parameters["after"]) for note in told.notes] == [("limit_range", "1400m")]
    assert surveyed(control(CART), "cart").bounded == []


@pytest.mark.parametrize(
    ("hard", "told"),
    [
        ({"requests.cpu": "2567m"}, [("requests.cpu", "2568m")]),
        ({"requests.cpu": "2568m"}, []),
        ({"cpu": "1"}, [("requests.cpu", "2568m")]),
        ({"limits.memory": "2Gi", "requests.memory": "2Gi"}, [("limits.memory", "3Gi")]),
        ({"pods": "1", "requests.storage": "0"}, []),
    ],
)
def test_a_quota_that_would_be_exceeded_is_told(hard: Json, told: list[tuple[str, str]]) -> None:
    found = surveyed(control(CART), "cart", shop=hard, other=hard).exceeded()
    assert [(one.resource, one.governed) for one in found] == told
    assert {(one.namespace, one.quota) for one in found} <= {("shop", "team")}


def test_a_limit_alone_is_a_request_too_and_what_is_no_quantity_counts_nothing() -> None:
    live: Json = deployment("cart", replicas=2)
    (container,) = live["spec"]["template"]["spec"]["containers"]
    container["resources"] = {"limits": {"cpu": "1", "memory": "much"}}
    assert asked_for(live) == {
        "requests.cpu": 2 * 10**9, "requests.memory": 0, "limits.cpu": 2 * 10**9, "limits.memory": 0,
    }  # fmt: skip


def vertical(name: str = "cart", mode: str | None = None, kind: str = "Deployment") -> VerticalAutoscaler:
    """A VerticalPodAutoscaler."""
    spec: Json = {"targetRef": {"kind": kind, "name": name}}
    if mode:
        spec["updatePolicy"] = {"updateMode": mode}
    return vertical_autoscaler_of({"metadata": {"namespace": "shop", "name": f"vpa-{name}"}, "spec": spec})


def test_a_vertical_autoscaler_of_a_governed_service_is_told() -> None:
    for mode in (None, "Auto", "Initial"):
        (told,) = vertically_scaled(control(CART), [vertical(mode=mode)])
        assert (told.name, told.autoscaler) == ("cart", "vpa-cart")
    for harmless in (
        vertical(mode="Off"),
        vertical("other"),
        vertical(kind="DaemonSet"),
        vertical_autoscaler_of({}),
    ):
        assert vertically_scaled(control(CART), [harmless]) == []
    assert vertically_scaled(control(replace(CART, mode=Mode.OFF)), [vertical()]) == []
