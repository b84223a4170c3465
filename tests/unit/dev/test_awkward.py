"""What the demo says of the services on which figures go wrong: it fails where one came out wrong."""

from __future__ import annotations

from typing import Any

import pytest

from kubedoor_dev.demo.awkward import ODD, check_odd, lines_of_odd
from kubedoor_dev.demo.clients import StepFailedError
from kubedoor_dev.metrics import Service, company

LAST_DAY = 9


def right(service: Service) -> dict[str, Any]:
    """A row of the control table as it must be."""
    containers = [
        {
            "name": one.name,
            "peak": {
                "p95_cpu_m": 680, "coverage": 1.0, "oom_kills": int(LAST_DAY in service.oom),
                "request_cpu_m": one.request_cpu_m or None, "limit_cpu_m": one.limit_cpu_m or None,
                "request_mem_mib": one.request_mem_mib or None, "limit_mem_mib": one.limit_mem_mib or None,
            },
        }
        for one in service.containers
    ]  # fmt: skip
    return {
        "namespace": service.namespace, "kind": service.kind, "name": service.name, "containers": containers,
        "replicas": {"observed": service.replicas},
    }  # fmt: skip


def rows() -> dict[str, dict[str, Any]]:
    return {service.name: right(service) for service in company() if service.kind != "CronJob"}


def test_the_company_holds_what_the_demo_speaks_of() -> None:
    every = rows()
    assert set(ODD) <= set(every)
    check_odd(list(every.values()), company(), LAST_DAY)
    assert {line[-1] for line in lines_of_odd(every.values())} == set(ODD.values())


@pytest.mark.parametrize(
    ("name", "column", "value", "words"),
    [
        ("gift-cards", "limit_cpu_m", 10, "limit_cpu_m 10"),
        ("stock-sync", "coverage", 0.34, "coverage 0.34"),
        ("frame-sampler", "p95_cpu_m", 86, "86m instead of 680m"),
        ("model-server", "request_cpu_m", None, "request_cpu_m None"),
        ("tracking", "oom_kills", 0, "0 kills"),
    ],
)
def test_a_wrong_figure_is_named(name: str, column: str, value: float | None, words: str) -> None:
    every = rows()
    every[name]["containers"][0]["peak"][column] = value
    with pytest.raises(StepFailedError, match=f"{name}: .*{words}"):
        check_odd(list(every.values()), company(), LAST_DAY)


def test_wrong_pods_containers_and_kinds_are_named() -> None:
    every = rows()
    every["chargebacks"]["replicas"]["observed"] = 5
    every["quota-service"]["containers"].append({"name": "debugger-x7k2p", "peak": None})
    del every["consents"]
    daemon = every.pop("fluentd-v2") | {"kind": "Deployment"}
    with pytest.raises(StepFailedError) as told:
        check_odd([*every.values(), daemon], company(), LAST_DAY)
    for words in ("5 pods instead of 3", "debugger-x7k2p", "consents: not in", "fluentd-v2 is no service"):
        assert words in str(told.value)
