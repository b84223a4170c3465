"""The admission decision table, a case for each rule and clause."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from kubedoor_core.domain.admission.decide import AUTOSCALER, Rules, decide
from kubedoor_core.domain.admission.decision import Decision, Result
from kubedoor_core.domain.admission.notes import NoteCode
from kubedoor_core.domain.admission.review import parse_review
from kubedoor_core.domain.admission.words import WORDS, change_words
from kubedoor_core.domain.control import ContainerValues, Service
from kubedoor_core.domain.mode import Mode
from support.reviews import Json, changed, deployment, restarted, review, scale

APP = ContainerValues("app", 250, 1000, 512, 1024)
SERVICE = Service("shop", "checkout", replicas=3, replicas_source="manual", containers=(APP,))
LIVE = deployment()
BLANK: Service | None = None

REPLICAS = {"op": "add", "path": "/spec/replicas", "value": 3}
BASE = "/spec/template/spec/containers/0/resources"
RESOURCES = [
    {"op": "add", "path": f"{BASE}/requests/cpu", "value": "250m"},
    {"op": "add", "path": f"{BASE}/limits/cpu", "value": "1"},
    {"op": "add", "path": f"{BASE}/requests/memory", "value": "512Mi"},
    {"op": "add", "path": f"{BASE}/limits/memory", "value": "1Gi"},
]


def by_path(operations: Any) -> list[Json]:
    return sorted(operations, key=lambda operation: str(operation["path"]))


def ask(document: Json, service: Service | None = SERVICE, mode: Mode = Mode.ENFORCE) -> Decision:
    return decide(parse_review(document), service, mode)


DELETING = copy.deepcopy(LIVE)
DELETING["metadata"]["deletionTimestamp"] = "2026-11-22T10:00:00Z"

RELABELLED = {**LIVE, "metadata": {**LIVE["metadata"], "labels": {}}}

UNTOUCHED = [
    ("DELETE", 1, review(None, LIVE, operation="DELETE"), SERVICE, Mode.ENFORCE),
    ("CONNECT", 1, review(LIVE, operation="CONNECT"), SERVICE, Mode.ENFORCE),
    ("another group", 1, review(LIVE, group="extensions"), SERVICE, Mode.ENFORCE),
    ("another resource", 1, review(LIVE, resource="statefulsets"), SERVICE, Mode.ENFORCE),
    ("status", 1, review(LIVE, LIVE, subresource="status"), SERVICE, Mode.ENFORCE),
    ("being deleted", 1, review(DELETING, LIVE), SERVICE, Mode.ENFORCE),
    ("being deleted, unregistered", 1, review(restarted(DELETING), LIVE), BLANK, Mode.ENFORCE),
    ("off", 2, review(LIVE), SERVICE, Mode.OFF),
    ("off, unregistered", 2, review(LIVE), BLANK, Mode.OFF),
    ("off, scale", 2, review(scale(5), scale(1), subresource="scale"), SERVICE, Mode.OFF),
    ("unregistered, a label", 4, review(RELABELLED, LIVE), BLANK, Mode.ENFORCE),
    ("unregistered, the strategy", 4, review(changed(LIVE, paused=True), LIVE), BLANK, Mode.ENFORCE),
    ("neither", 8, review(changed(LIVE, paused=True), LIVE), SERVICE, Mode.ENFORCE),
    ("neither, though the live count differs", 8, review(LIVE, LIVE), SERVICE, Mode.ENFORCE),
    ("neither, observed", 8, review(LIVE, LIVE), SERVICE, Mode.OBSERVE),
    ("scale, same count", 10, review(scale(7), scale(7), subresource="scale"), SERVICE, Mode.ENFORCE),
    ("scale, none is zero", 10, review(scale(None), scale(0), subresource="scale"), SERVICE, Mode.ENFORCE),
]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "rule", "document", "service", "mode"), UNTOUCHED, ids=[c[0] for c in UNTOUCHED]
)
def test_allowed_unchanged(what: str, rule: int, document: Json, service: Service | None, mode: Mode) -> None:
    assert ask(document, service, mode) == Decision(rule, Result.ALLOWED_UNCHANGED)


UNREGISTERED = [
    ("create", review(LIVE)),
    ("the template changed", review(restarted(LIVE), LIVE)),
    ("the count changed", review(changed(LIVE, replicas=11), LIVE)),
    ("the count went", review(deployment(replicas=None), LIVE)),
    ("scale", review(scale(2), scale(1), subresource="scale")),
    ("scale to the same", review(scale(1), scale(1), subresource="scale")),
]


@pytest.mark.parametrize(("what", "document"), UNREGISTERED, ids=[c[0] for c in UNREGISTERED])
def test_rule_3_refuses_what_is_not_registered(what: str, document: Json) -> None:
    decision = ask(document, None)
    assert (decision.rule, decision.result, decision.allowed) == (3, Result.DENIED, False)
    assert "shop/checkout is not registered" in decision.message
    assert "console" in decision.message
    assert decision.patch == ()


def test_rule_3_tells_why_a_generated_name_cannot_be_registered() -> None:
    """The API server makes the name of a `generateName` after admission."""
    document = review(copy.deepcopy(LIVE))
    document["request"]["name"] = ""
    document["request"]["object"]["metadata"] = {"generateName": "checkout-", "namespace": "shop"}
    decision = ask(document, None)
    assert decision.result is Result.DENIED
    assert "give it a metadata.name" in decision.message


@pytest.mark.parametrize(("what", "document"), UNREGISTERED, ids=[c[0] for c in UNREGISTERED])
def test_rule_3_observed_allows_and_says_so(what: str, document: Json) -> None:
    decision = ask(document, None, Mode.OBSERVE)
    assert (decision.rule, decision.result, decision.allowed) == (3, Result.WOULD_DENY, True)
    assert len(decision.warnings) == 1
    assert "would be refused" in decision.warnings[0]
    assert "shop/checkout" in decision.warnings[0]


GOVERNED = [
    ("create", 5, review(LIVE), [REPLICAS, *RESOURCES]),
    ("create without a count", 5, review(deployment(replicas=None)), [REPLICAS, *RESOURCES]),
    ("template", 6, review(restarted(LIVE), LIVE), [REPLICAS, *RESOURCES]),
    ("template and count", 6, review(restarted(changed(LIVE, replicas=4)), LIVE), [REPLICAS, *RESOURCES]),
    ("count", 7, review(changed(LIVE, replicas=11), LIVE), [REPLICAS]),
    ("the count went, which means 1", 7, review(deployment(replicas=None), LIVE), [REPLICAS]),
    ("scale", 9, review(scale(11), scale(10), subresource="scale"), [REPLICAS]),
    ("scale to none, which means 0", 9, review(scale(None), scale(10), subresource="scale"), [REPLICAS]),
]


@pytest.mark.parametrize(("what", "rule", "document", "patch"), GOVERNED, ids=[c[0] for c in GOVERNED])
def test_governed(what: str, rule: int, document: Json, patch: list[Json]) -> None:
    decision = ask(document)
    assert (decision.rule, decision.result) == (rule, Result.PATCHED)
    assert by_path(decision.patch) == by_path(patch)


@pytest.mark.parametrize(("what", "rule", "document", "patch"), GOVERNED, ids=[c[0] for c in GOVERNED])
def test_observed_changes_nothing_and_says_what_enforce_would_do(
    what: str, rule: int, document: Json, patch: list[Json]
) -> None:
    decision, enforced = ask(document, mode=Mode.OBSERVE), ask(document)
    assert (decision.rule, decision.result, decision.patch) == (rule, Result.WOULD_PATCH, ())
    assert decision.warnings == tuple(f"would change {change_words(change)}" for change in enforced.changes)


def test_the_same_template_in_other_words_has_not_changed() -> None:
    other = copy.deepcopy(LIVE)
    del other["spec"]["template"]["metadata"]["creationTimestamp"]
    assert ask(review(other, LIVE)).rule == 8


def test_each_change_is_a_warning_in_plain_words() -> None:
    assert ask(review(LIVE)).warnings == (
        "replicas 10 -> 3 (manual)",
        "app: cpu request 8 -> 250m",
        "app: cpu limit 16 -> 1",
        "app: memory request 16Gi -> 512Mi",
        "app: memory limit 32Gi -> 1Gi",
    )


def count_of(service: Service, count: int | None = 10) -> tuple[object, tuple[str, ...]]:
    decision = ask(review(changed(deployment(replicas=count)), deployment(replicas=99)), service)
    return (decision.patch[0]["value"] if decision.patch else None), decision.warnings


def test_manual_zero_means_zero() -> None:
    assert count_of(Service("shop", "checkout", 0, "manual")) == (0, ("replicas 10 -> 0 (manual)",))


def test_no_count_known_leaves_it_and_warns() -> None:
    assert count_of(Service("shop", "checkout")) == (
        None, ("replicas left at 10: no count is known for this service yet",))  # fmt: skip


def test_the_right_count_needs_no_patch() -> None:
    assert count_of(Service("shop", "checkout", 10, "observed")) == (None, ())


def test_an_autoscaled_service_keeps_its_count() -> None:
    assert count_of(Service("shop", "checkout", 3, "manual", autoscaled=True)) == (None, ())


def test_an_autoscaled_service_still_gets_its_resources() -> None:
    service = Service("shop", "checkout", 3, "manual", autoscaled=True, containers=(APP,))
    assert by_path(ask(review(LIVE), service).patch) == by_path(RESOURCES)


def test_a_scale_without_spec_gets_one() -> None:
    bare = scale(None)
    del bare["spec"]
    decision = ask(review(bare, scale(10), subresource="scale"))
    assert decision.patch == ({"op": "add", "path": "/spec", "value": {"replicas": 3}},)


def test_a_name_that_only_the_object_has() -> None:
    document = review(LIVE)
    document["request"]["name"] = ""
    assert parse_review(document).name == "checkout"


def asked_by(user: str, count: int, before: int) -> Json:
    document = review(scale(count), scale(before), subresource="scale")
    document["request"]["userInfo"]["username"] = user
    return document


def test_an_autoscaler_that_is_not_known_yet_is_not_fought() -> None:
    decision = ask(asked_by(AUTOSCALER, 20, 9))
    assert (decision.rule, decision.result, decision.patch) == (9, Result.UNCHANGED, ())
    assert decision.warnings == ("replicas left at 20: set by an autoscaler",)
    assert ask(asked_by("ci@example.com", 20, 9)).patch == (REPLICAS,)


@pytest.mark.parametrize(("count", "before"), [(0, 5), (1, 0)])
def test_scaling_to_zero_and_back_is_a_setting(count: int, before: int) -> None:
    document = parse_review(asked_by("keda", count, before))
    assert decide(document, SERVICE, Mode.ENFORCE).patch == (REPLICAS,)
    allowed = decide(document, SERVICE, Mode.ENFORCE, Rules(scale_to_zero=True))
    assert (allowed.result, allowed.patch) == (Result.UNCHANGED, ())


def test_scaling_to_another_count_is_governed_wherever_zero_is_allowed() -> None:
    document = parse_review(asked_by("keda", 4, 5))
    assert decide(document, SERVICE, Mode.ENFORCE, Rules(scale_to_zero=True)).patch == (REPLICAS,)


@pytest.mark.parametrize("code", NoteCode)
def test_every_note_has_words(code: NoteCode) -> None:
    assert code in WORDS


def test_what_is_asked_again_and_again_is_decided_once() -> None:
    asked = [decide(parse_review(review(LIVE)), SERVICE, Mode.ENFORCE) for _ in range(3)]
    assert asked[1] is asked[2]
    assert asked[0] == asked[1]
