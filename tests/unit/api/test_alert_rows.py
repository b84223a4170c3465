"""What is stored of an alert: its place by its labels, what is cut, and which of two that came holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kubedoor_api.alerts.routes import MAX_MESSAGE_BYTES, silence_url
from kubedoor_api.alerts.row import (
    LATE_S,
    MAX_ANNOTATION,
    MAX_LABEL,
    MAX_PAIRS,
    AlertmanagerAlert,
    CustomAlert,
    Place,
    cut_pairs,
    place_of,
    row_of,
)
from kubedoor_core.domain.generated_names import service_of
from kubedoor_dev.demo.paths import CHECKOUT
from support.alerts import POD, sent_alert

NOW = datetime(2090, 5, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("labels", "place"),
    [
        ({"namespace": "shop", "pod": POD}, Place("shop", "Deployment", "cart", POD)),
        ({"namespace": "shop", "pod": "db-0"}, Place("shop", "StatefulSet", "db", "db-0")),
        ({"namespace": "shop", "pod": "agent-x2x4z"}, Place("shop", "", "", "agent-x2x4z")),
        ({"namespace": "shop", "deployment": "cart"}, Place("shop", "Deployment", "cart")),
        ({"namespace": "shop", "daemonset": "agent", "pod": "kube-state-metrics-7d9c5b8f6d-x2x4z"},
         Place("shop", "DaemonSet", "agent", "kube-state-metrics-7d9c5b8f6d-x2x4z")),
        ({"namespace": "shop", "workload": "db", "workload_type": "statefulset"},
         Place("shop", "StatefulSet", "db")),
        ({"namespace": "shop", "owner_kind": "ReplicaSet", "owner_name": "cart-7d9c5b8f6d"},
         Place("shop", "Deployment", "cart")),
        ({"namespace": "monitoring", "pod": "ksm-7d9c5b8f6d-x2x4z", "exported_namespace": "shop",
          "exported_pod": POD}, Place("shop", "Deployment", "cart", POD)),
        ({"namespace": "monitoring", "pod": "ksm-7d9c5b8f6d-x2x4z", "exported_namespace": "shop",
          "deployment": "cart"}, Place("shop", "Deployment", "cart")),
        ({"node": "n1", "pod": POD, "deployment": "cart"}, Place(node="n1")),
        ({}, Place()),
    ],
)  # fmt: skip
def test_an_alert_belongs_where_its_labels_say(labels: dict[str, str], place: Place) -> None:
    assert place_of(labels) == place


@pytest.mark.parametrize(
    ("kind", "name", "service"),
    [
        ("Deployment", "cart", ("Deployment", "cart")),
        ("ReplicaSet", "cart-7d9c5b8f6d", ("Deployment", "cart")),
        ("Pod", "backup-29345678-x2x4z", None),
        ("Pod", f"{'a' * 47}-7d9c5b8f6dx2x4z", ("Deployment", "a" * 47)),
        ("Node", "n1", None),
        ("Job", "db-0", None),
    ],
)
def test_an_object_is_of_the_service_that_its_name_says(
    kind: str, name: str, service: tuple[str, str] | None
) -> None:
    assert service_of(kind, name) == service


def _row(state: str, came: datetime, **more: object) -> dict[str, object]:
    sent = AlertmanagerAlert.model_validate({**sent_alert(1, state), **more})
    return dict(row_of("test", sent, came))


def test_one_sent_before_it_was_resolved_opens_nothing_when_it_comes_late() -> None:
    def version(state: str, after_s: float) -> int:
        return int(str(_row(state, NOW + timedelta(seconds=after_s))["version"]))

    assert version("firing", 0) < version("firing", 0.000001)
    assert version("resolved", 0) > version("firing", LATE_S - 1)
    assert version("resolved", 0) < version("firing", LATE_S + 1), "Prometheus was away: it fires again"
    assert version("resolved", 0) < version("resolved", 1)


def test_what_is_too_much_is_cut_and_counted() -> None:
    short = {f"k{number:03}": "v" for number in range(MAX_PAIRS)}
    assert cut_pairs(short, MAX_LABEL) == (short, 0)
    kept, cut = cut_pairs({**short, "a": "x" * 2000, "z" * 300: "v"}, MAX_LABEL)
    assert (len(kept), cut, len(kept["a"]), kept["a"][-1]) == (MAX_PAIRS, 3, MAX_LABEL, "…")
    row = _row("firing", NOW, annotations={"description": "x" * 10_000, "summary": "s"})
    assert (row["cut"], row["severity"]) == (1, "warning")
    annotations = row["annotations"]
    assert isinstance(annotations, dict)
    assert len(annotations["description"]) == MAX_ANNOTATION


def test_it_ends_when_it_says_and_now_where_it_says_nothing_of_use() -> None:
    assert _row("firing", NOW)["ends_at"] is None
    assert _row("resolved", NOW, endsAt="2090-05-04T11:00:00+02:00")["ends_at"] == "2090-05-04 09:00:00.000"
    assert _row("resolved", NOW, endsAt="0001-01-01T00:00:00Z")["ends_at"] == "2090-05-04 12:00:00.000"


def test_an_own_alert_is_known_by_its_name_and_labels() -> None:
    made = [
        CustomAlert(alertname=name, starts_at=NOW, labels=labels)
        for name, labels in (
            ("A", {"x": "1", "y": "2"}),
            ("A", {"y": "2", "x": "1"}),
            ("B", {"x": "1", "y": "2"}),
        )
    ]
    assert made[0].fingerprint == made[1].fingerprint != made[2].fingerprint


def test_a_silence_is_made_where_alertmanager_is() -> None:
    assert silence_url("", "Down", "shop") is None
    url = silence_url("https://am.example.org/x/", 'Say "hi"', "shop")
    assert url == (
        "https://am.example.org/x/#/silences/new?filter="
        "%7Balertname%3D%22Say%20%5C%22hi%5C%22%22%2Cnamespace%3D%22shop%22%7D"
    )
    assert (
        silence_url("http://am:9093", "Down", "")
        == "http://am:9093/#/silences/new?filter=%7Balertname%3D%22Down%22%7D"
    )


def test_nginx_lets_through_what_the_api_takes() -> None:
    template = (CHECKOUT / "frontend" / "nginx" / "nginx.conf.template").read_text()
    assert f"client_max_body_size {MAX_MESSAGE_BYTES >> 20}m;" in template
