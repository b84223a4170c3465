"""Which node a series is of."""

from __future__ import annotations

import pytest

from kubedoor_core.metrics.nodes import NodeNames, host_of, node_names

INFOS = (
    {"node": "worker-0", "internal_ip": "10.0.0.1"},
    {"node": "worker-1", "internal_ip": "fd00::1"},
    {"nodename": "worker-2", "instance": "10.0.0.3:9100"},
)
NAMES = node_names(("worker-0", "worker-1", "worker-2"), INFOS)


@pytest.mark.parametrize(
    ("instance", "host"),
    [
        ("10.0.0.1:9100", "10.0.0.1"), ("10.0.0.1", "10.0.0.1"), ("[fd00::1]:9100", "fd00::1"),
        ("fd00::1", "fd00::1"), ("worker-0", "worker-0"), ("", ""),
    ],
)  # fmt: skip
def test_the_host_of_an_address(instance: str, host: str) -> None:
    assert host_of(instance) == host


@pytest.mark.parametrize(
    ("labels", "node"),
    [
        ({"node": "worker-0", "instance": "10.0.0.3:9100"}, "worker-0"),
        ({"kubernetes_io_hostname": "worker-0"}, "worker-0"),
        ({"instance": "10.0.0.1:9100"}, "worker-0"),
        ({"instance": "[fd00::1]:9100"}, "worker-1"),
        ({"instance": "10.0.0.3:9100"}, "worker-2"),
        ({"instance": "worker-2"}, "worker-2"),
        # The exporter's own node, where nothing kept the one that it tells of from being renamed.
        ({"node": "worker-0", "exported_node": "worker-1"}, "worker-1"),
        ({"node": "of-another-cluster", "instance": "10.9.9.9:9100"}, ""),
        ({}, ""),
    ],
)
def test_the_node_of_a_series(labels: dict[str, str], node: str) -> None:
    assert NAMES.of(labels) == node


def test_where_no_node_is_known_labels_are_believed() -> None:
    assert NodeNames().of({"node": "worker-9"}) == "worker-9"
    assert node_names((), INFOS).of({"instance": "10.0.0.3:9100"}) == "worker-2"
    assert NodeNames().of({"instance": "10.0.0.3:9100"}) == ""
