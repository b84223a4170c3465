"""Which labels tell where something is counted: whatever a store has, in whatever mixture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from kubedoor_core.metrics.counted import HAS, MOST_CHARACTERS, TOLD_BY, Spoken, in_queries, probed
from kubedoor_core.metrics.labelling import Candidates, Labelling, labellings
from kubedoor_core.metrics.selecting import Part, Scope
from kubedoor_core.metrics.settings import sources_of
from kubedoor_core.metrics.traffic import promql
from kubedoor_core.metrics.traffic.dialects import DIALECTS, SOURCES, Dialect, dialects

MICROMETER = next(one for one in DIALECTS if one.source == "micrometer")


def told(**series: int) -> dict[frozenset[str], int]:
    """Return series by their labels, which are written with two underscores between."""
    return {frozenset(names.split("__")): count for names, count in series.items()}


def test_one_labelling_needs_no_matchers_and_several_are_told_apart() -> None:
    (one,), without = labellings(Candidates(), told(namespace__pod=12))
    assert (one.namespace, one.pod, one.matchers, without) == ("namespace", "pod", (), 0)
    many = told(namespace__pod=12, exported_namespace__exported_pod__namespace__pod=3, namespace=2)
    every, without = labellings(Candidates(), many)
    assert [(one.namespace, one.pod) for one in every] == [
        ("namespace", "pod"), ("exported_namespace", "exported_pod"),
    ]  # fmt: skip
    assert every[0].matchers == (
        'exported_namespace=""', 'namespace!=""', 'exported_pod=""', 'pod!=""',
    )  # fmt: skip
    assert (every[1].matchers, without) == (('exported_namespace!=""', 'exported_pod!=""'), 2)


def test_a_workload_is_a_place_and_a_container_alone_is_none() -> None:
    candidates = Candidates(workloads=("deployment",), containers=("container",))
    every, without = labellings(candidates, told(namespace__deployment=1, namespace__container=5))
    assert [one.labels for one in every] == [("namespace", "deployment")]
    assert without == 5


def test_labels_of_settings_come_first_and_none_is_there_twice() -> None:
    one = Candidates().preferring("kube_ns", "pod")
    assert (one.namespaces[0], one.pods) == ("kube_ns", ("pod", "exported_pod", "kubernetes_pod_name"))
    assert Candidates(pods=()).preferring("", "pod").pods == ()
    istio, ingress = dialects(("istio", "ingress"), "kube_ns", "kube_pod")[1:]
    assert istio.candidates.namespaces == ("destination_workload_namespace",)
    assert "kube_ns" not in ingress.candidates.namespaces


@pytest.mark.parametrize("absent", [{}, {f"{HAS}exported_pod": "", f"{HAS}deployment": ""}])
def test_a_label_that_is_told_as_empty_is_not_there(absent: dict[str, str]) -> None:
    """VictoriaMetrics names labels that a series does not have."""
    labels = {TOLD_BY: "3", f"{HAS}namespace": "1", f"{HAS}pod": "1", f"{HAS}service": "1", **absent}
    found = probed([MICROMETER], [(labels, 7.0)], first=3)
    assert [one.labelling.labels for one in found.spoken] == [("namespace", "pod")]
    assert found.unplaced == {}
    assert probed([MICROMETER], [({TOLD_BY: "0", f"{HAS}service": "1"}, 7.0)]).unplaced == {
        "http_server_requests_seconds_count": 7,
    }  # fmt: skip


def test_sources_are_named_in_their_order_and_unknown_ones_refused() -> None:
    assert sources_of(", ".join(SOURCES)) == SOURCES
    assert sources_of(" otel,istio , otel") == ("otel", "istio")
    assert sources_of("") == ()
    with pytest.raises(ValueError, match="nginx: not a source of requests"):
        sources_of("istio, nginx")


def test_dialects_are_asked_for_together_unless_the_query_becomes_too_long() -> None:
    every = [
        Spoken(str(number), one, Labelling("namespace", "", "pod")) for number, one in enumerate(DIALECTS)
    ]
    part = Part(Scope(), ("shop",))

    def text(some: Sequence[Spoken[Dialect]]) -> str:
        return promql.totals(part, some, 5400)

    assert in_queries(every, text) == [every]
    many = [replace(one, key=f"{one.key}.{way}") for way in range(5) for one in every]
    groups = in_queries(many, text)
    assert [one for some in groups for one in some] == many
    assert 1 < len(groups) < 6
    assert all(len(text(some)) <= MOST_CHARACTERS for some in groups)
    assert in_queries(every[:1], lambda _: "x" * 2 * MOST_CHARACTERS) == [every[:1]], "one can't be less"
