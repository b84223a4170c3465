"""What a cluster's exporters tell now, as a store scrapes it."""

from __future__ import annotations

import urllib.request
from dataclasses import replace

from prometheus_client.parser import text_string_to_metric_families

from kubedoor_dev import live
from kubedoor_dev.live.exporter import page, scrape_config
from kubedoor_dev.metrics.model import Container, Service
from kubedoor_dev.processes import free_port

AT_S = 1_800_000_000.0
CONTAINER = Container("app", 120.0, 200.0, 200, 400, 256, 512)
CLUSTER = live.running((Service("shop", "cart", 2, (CONTAINER,)),), nodes=1)


def read(text: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    families = text_string_to_metric_families(text)
    return {(one.name, frozenset(one.labels.items())): one.value for each in families for one in each.samples}


def test_all_samples_are_read_back_with_their_labels_and_values() -> None:
    told = {
        (
            labels["__name__"],
            frozenset((key, text) for key, text in labels.items() if key != "__name__"),
        ): value
        for labels, value in live.samples(CLUSTER, AT_S, AT_S - 7200)
    }
    assert read(page(CLUSTER, AT_S, AT_S - 7200)) == told
    assert len({name for name, _ in told}) > 15


def test_a_label_that_has_to_be_escaped_is_read_back() -> None:
    odd = 'a "b" \\ c\nd'
    cluster = live.Cluster(nodes=(replace(CLUSTER.nodes[0], name=odd),))
    assert {dict(labels).get("node", odd) for _, labels in read(page(cluster, AT_S, AT_S - 60))} == {odd}


def test_it_is_served_where_prometheus_is_told_to_look() -> None:
    port = free_port()
    server = live.serve(CLUSTER, port)
    [target] = scrape_config(port)["static_configs"][0]["targets"]
    with urllib.request.urlopen(f"http://{target}/metrics") as answer:
        assert read(answer.read().decode()).keys() == read(page(CLUSTER, AT_S, AT_S - 7200)).keys()
    server.shutdown()
    server.server_close()
