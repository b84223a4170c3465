"""What holds of every decision, whatever the review and the row: each example is held against all of it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kubedoor_core.domain import quantity
from kubedoor_core.domain.admission.decide import decide
from kubedoor_core.domain.admission.decision import Result
from kubedoor_core.domain.admission.review import parse_review
from kubedoor_core.domain.control import Service
from kubedoor_core.domain.mode import Mode
from kubedoor_dev.cluster.jsonpatch import apply
from support.reviews import Json
from support.strategies import reviews, services

MODES = st.sampled_from(list(Mode))


def admitted(document: Json, service: Service | None, mode: Mode) -> Json:
    decision = decide(parse_review(document), service, mode)
    patched: Json = apply(document["request"]["object"], decision.patch)
    return patched


def containers_of(obj: Json) -> Iterator[Json]:
    pod = obj["spec"].get("template", {}).get("spec", {})
    for key in ("containers", "initContainers"):
        yield from pod.get(key) or []


def deciding_on_the_patched_object_gives_no_patch(document: Json, service: Service, mode: Mode) -> None:
    again = copy.deepcopy(document)
    again["request"]["object"] = admitted(document, service, mode)
    assert decide(parse_review(again), service, mode).patch == ()


def blanked(obj: Json) -> Json:
    """The object without what admission may set."""
    bare = copy.deepcopy(obj)
    bare["spec"].pop("replicas", None)
    for each in containers_of(bare):
        held = each.get("resources") or {}
        for kind in ("requests", "limits"):
            others = {k: v for k, v in (held.get(kind) or {}).items() if k not in ("cpu", "memory")}
            held = {**held, kind: others}
        each["resources"] = held
    return bare


def nothing_else_ever_changes(document: Json, service: Service, mode: Mode) -> None:
    assert blanked(admitted(document, service, mode)) == blanked(document["request"]["object"])


def amount(held: Json, kind: str, resource: str) -> int | None:
    written: Any = (held.get(kind) or {}).get(resource)
    return None if written is None else quantity.parse(written)


def a_request_never_exceeds_its_limit(document: Json, service: Service) -> None:
    decision = decide(parse_review(document), service, Mode.ENFORCE)
    if decision.rule not in (5, 6) or any("left alone" in warning for warning in decision.warnings):
        return
    governed = {row.name for row in service.containers}
    obj = admitted(document, service, Mode.ENFORCE)
    for each in containers_of(obj):
        for resource in ("cpu", "memory"):
            held = each.get("resources") or {}
            request, limit = amount(held, "requests", resource), amount(held, "limits", resource)
            if each["name"] in governed and request is not None and limit is not None:
                assert request <= limit


def only_enforce_patches_or_refuses(document: Json, service: Service, mode: Mode) -> None:
    for row in (service, None):
        decision = decide(parse_review(document), row, mode)
        if mode is not Mode.ENFORCE:
            assert decision.allowed
            assert decision.patch == ()
        assert (decision.result is Result.DENIED) <= (row is None)


def observe_says_what_enforce_does(document: Json, service: Service) -> None:
    enforced = decide(parse_review(document), service, Mode.ENFORCE)
    observed = decide(parse_review(document), service, Mode.OBSERVE)
    assert observed.changes == enforced.changes
    assert observed.rule == enforced.rule


def the_count_is_the_tables_or_the_requests(document: Json, service: Service) -> None:
    decision = decide(parse_review(document), service, Mode.ENFORCE)
    if decision.rule in (5, 6, 7, 9) and service.replicas is not None and not service.autoscaled:
        spec = admitted(document, service, Mode.ENFORCE)["spec"]
        default = 0 if document["request"].get("subResource") == "scale" else 1
        assert spec.get("replicas", default) == service.replicas


@settings(max_examples=800)
@given(reviews(), services(), MODES)
def test_what_holds_of_every_decision(document: Json, service: Service, mode: Mode) -> None:
    """Making an example costs far more than deciding, so that each serves for all properties."""
    deciding_on_the_patched_object_gives_no_patch(document, service, mode)
    nothing_else_ever_changes(document, service, mode)
    a_request_never_exceeds_its_limit(document, service)
    only_enforce_patches_or_refuses(document, service, mode)
    observe_says_what_enforce_does(document, service)
    the_count_is_the_tables_or_the_requests(document, service)
