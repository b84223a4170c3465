"""Measures over their thresholds, what is usual at an hour, and how they become findings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kubedoor_api.findings.causes import signs
from kubedoor_api.findings.facts import Figure, Subject
from kubedoor_api.findings.figures import (
    Usual,
    UsualHour,
    bound,
    day_of,
    ends_of,
    of_answers,
    of_evaluation,
    usual_of,
)
from kubedoor_api.findings.tracking import LOOKS_TO_OPEN_MEASURED, NOTHING, fold, step
from kubedoor_api.now.asking import Evaluation, Survey
from kubedoor_api.now.models import NowPods, NowQuery, NowService, NowUse
from kubedoor_api.now.reading import Service, Traffic
from kubedoor_api.now.summary import Snapshot
from kubedoor_core.metrics.counted import Spoken
from kubedoor_core.metrics.jvm import JVM_DIALECTS
from kubedoor_core.metrics.labelling import Labelling
from kubedoor_core.metrics.selecting import Scope
from kubedoor_core.metrics.traffic.dialects import DIALECTS
from kubedoor_core.prometheus import Sample
from support.findings import NOW, facts
from support.findings import pod as running_pod

CART: Service = ("shop", "Deployment", "cart")
NONE = NowUse(used=None, request=None, limit=None)


def service(qps: float | None, error_pct: float | None, p95_ms: float | None) -> NowService:
    return NowService(
        namespace="shop", kind="Deployment", name="cart", pods=NowPods(running=2, pending=0, failing=0),
        cpu=NONE, mem=NONE, restarts_1h=0, qps=qps, error_pct=error_pct, ready=2, asked=2, waiting={},
        p95_ms=p95_ms, autoscaler=None, troubles=[],
    )  # fmt: skip


def evaluation(one: NowService, *failed: str) -> Evaluation:
    queries = tuple(
        NowQuery.model_validate(
            {"name": name, "state": "failed" if name in failed else "ok", "reason": "", "took_ms": 1}
        )
        for name in ("traffic", "latency")
    )
    snapshot = Snapshot([one], [], [], None, 0)
    return Evaluation(1, NOW, NOW, "", Survey(Scope(), 30), queries, snapshot)


def kinds(one: NowService, usual: UsualHour | None) -> set[str]:
    return {figure.kind for figure in of_evaluation(evaluation(one), usual)[0]}


KNOWN = UsualHour({CART: 2.0}, {CART: 120.0})


@pytest.mark.parametrize(
    ("one", "usual", "wrong"),
    [
        (service(10, 3.0, 100), KNOWN, {"errors_up"}),
        (service(10, 0.0, 200), KNOWN, {"latency_up"}),
        (service(10, 1.9, 119), KNOWN, set()),
        (service(10, 0.9, 100), UsualHour({CART: 0.0}, {}), set()),  # hardly any is no trouble
        (service(10, 4.9, 900), None, set()),  # what is usual is not known
        (service(10, 5.0, 900), None, {"errors_up"}),  # too many whatever is usual
        (service(0.1, 90, 900), KNOWN, set()),  # a dozen of requests say nothing
        (service(None, None, None), KNOWN, set()),
    ],
)
def test_requests_are_held_against_what_is_usual(
    one: NowService, usual: UsualHour | None, wrong: set[str]
) -> None:
    assert kinds(one, usual) == wrong


def test_what_could_not_be_told_is_unknown() -> None:
    one = service(10, 0.0, 100)
    assert of_evaluation(evaluation(one), KNOWN)[1] == set()
    assert of_evaluation(evaluation(one), None)[1] == {"latency_up"}
    assert of_evaluation(evaluation(one, "traffic"), KNOWN)[1] == {"errors_up", "hot_pod"}


def test_the_bound_is_the_median_and_three_deviations() -> None:
    assert bound([100, 90, 110, 80, 120, 60, 140]) == 100 + 3 * 20
    assert bound([100] * 7) == pytest.approx(130)  # what never varies is not wrong for a trifle
    assert bound([0.0] * 5) == 0


def test_too_few_days_or_requests_tell_nothing() -> None:
    busy, idle = {CART: Traffic(10, 0.1, 100)}, {CART: Traffic(0.001, 0, 5000)}
    assert usual_of([busy] * 3 + [idle] * 4) == UsualHour()
    known = usual_of([busy] * 4 + [idle] * 3)
    assert known.p95_ms == {CART: pytest.approx(130)}
    assert known.errors_pct == {CART: pytest.approx(1.3)}


def test_what_is_usual_holds_for_its_hour_alone() -> None:
    usual = Usual(KNOWN, NOW)
    assert usual.at(NOW + timedelta(minutes=30)) is KNOWN
    assert usual.at(NOW + timedelta(minutes=40)) is None
    assert Usual().at(NOW) is None


def test_the_hours_before_lie_around_the_same_time() -> None:
    ends = ends_of(datetime(2026, 3, 8, 10, 0, tzinfo=UTC))
    assert [end.day for end in ends] == [7, 6, 5, 4, 3, 2, 1]
    assert {(end.hour, end.minute) for end in ends} == {(10, 30)}


def test_pods_of_former_days_are_known_by_their_names() -> None:
    one = Spoken("0", DIALECTS[3], Labelling("namespace", pod="pod"))

    def told(pod: str, what: str, value: float) -> Sample:
        return Sample({"told_by": "0", "what": what, "namespace": "shop", "pod": pod}, value)

    answers = {
        "traffic": [
            told("cart-5d9f7c6b8d-x2vbn", "requests", 3600.0),
            told("cart-5d9f7c6b8d-x2vbn", "errors", 36.0),
            told("db-0", "requests", 7200.0),
        ],
        "latency": [Sample({"told_by": "0", "namespace": "shop", "pod": "cart-5d9f7c6b8d"}, 90.0)],
    }
    found = day_of(answers, [one], [])  # type: ignore[arg-type]  # names of queries
    assert found == {CART: Traffic(1.0, 0.01, 90.0), ("shop", "StatefulSet", "db"): Traffic(2.0, 0.0, None)}


def test_answers_become_figures_of_what_their_labels_name() -> None:
    place = {"namespace": "shop", "pod": "cart-1", "container": "app"}
    otel = Spoken("3.0", JVM_DIALECTS[3], Labelling("k8s_ns", pod="k8s_pod", container="k8s_container"))
    of_otel = {"told_by": "3.0", "k8s_ns": "shop", "k8s_pod": "cart-1", "k8s_container": "app"}
    aside = {"namespace": "monitoring", "pod": "ksm", "container": "ksm"}
    target = {"scaletargetref_kind": "Deployment", "scaletargetref_name": "cart", "namespace": "shop"}
    found = list(
        of_answers(
            {
                "throttled": [Sample(place, 0.4)],
                "memory_near_limit": [
                    Sample({**aside, **{f"exported_{key}": value for key, value in place.items()}}, 0.95)
                ],
                "pvc_full": [Sample({"namespace": "shop", "persistentvolumeclaim": "data"}, 0.97)],
                "hpa_capped": [Sample(target, 10), Sample({"namespace": "shop"}, 3)],
                "heap_full": [Sample(of_otel, 0.9)],
            },
            [otel],
        )
    )
    pod = Subject("Pod", "shop", "cart-1")
    assert found == [
        Figure("throttled", pod, "app", 40.0, 25.0),
        Figure("memory_near_limit", pod, "app", 95.0, 90.0),
        Figure("pvc_full", Subject("PersistentVolumeClaim", "shop", "data"), "", 97.0, 85.0),
        Figure("hpa_capped", Subject("Deployment", "shop", "cart"), "", 10, 10),
        Figure("heap_full", pod, "app", 90.0, 85.0),
    ]


def test_a_full_heap_explains_collections_and_slow_requests() -> None:
    """One finding for one cause, of the service that the pod is of."""
    well = facts([running_pod()])
    pod = next(iter(well.pods.values()))
    of_pod, of_service = Subject("Pod", pod.namespace, pod.name), well.service_of(pod)
    figures = (
        Figure("heap_full", of_pod, "app", 92.0, 85.0),
        Figure("gc_storm", of_pod, "app", 30.0, 10.0),
        Figure("latency_up", of_service, "", 900.0, 120.0),
    )
    ill = replace(well, figures=figures)
    (one,) = fold(signs(ill), ill)
    assert (one.sign.kind, one.sign.subject, one.sign.pods) == ("heap_full", of_service, (pod.name,))
    assert {sign.kind for sign in one.symptoms} == {"gc_storm", "latency_up"}


def test_what_metrics_tell_must_last_before_it_is_a_finding() -> None:
    well = facts([running_pod()])
    pod = next(iter(well.pods.values()))
    ill = replace(
        well, figures=(Figure("throttled", Subject("Pod", pod.namespace, pod.name), "app", 40.0, 25.0),)
    )
    tracked, opened = NOTHING, list[int]()
    for look in range(LOOKS_TO_OPEN_MEASURED):
        now = NOW + timedelta(seconds=30 * look)
        made = step("test", tracked, fold(signs(ill), ill), now, frozenset())
        tracked = made.tracked
        opened.append(len(made.opened))
    assert opened == [0] * (LOOKS_TO_OPEN_MEASURED - 1) + [1]
