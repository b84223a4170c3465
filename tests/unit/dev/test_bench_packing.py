"""What the bench of packing computes; the placing itself is the scheduler's."""

from __future__ import annotations

import numpy as np
import pytest

from bench.packing import spread, utilisation
from bench.packing_nodes import NODE_CPU_M, Placement, requested
from kubedoor_dev.metrics import company, deployment_manifest


def test_requests_are_added_up_over_pods_and_sidecars() -> None:
    (checkout,) = [one for one in company() if one.name == "checkout"]
    cpu_m = sum(one.request_cpu_m or 0 for one in checkout.containers) * checkout.replicas
    assert requested([deployment_manifest(checkout)])[0] == cpu_m > 0


def test_the_load_of_a_node_is_that_of_the_pods_on_it() -> None:
    cores = NODE_CPU_M / 1000
    loads = {("shop", "cart"): [np.array([cores, 0.0]), np.array([0.0, cores / 2])]}
    apart = Placement(["a", "b"], {("shop", "cart"): ["a", "b"]}, 0)
    together = Placement(["a", "b"], {("shop", "cart"): ["a", "a"]}, 0)
    assert utilisation(apart, loads).tolist() == [[100, 0], [0, 50]]
    assert utilisation(together, loads).tolist() == [[100, 50], [0, 0]]
    deviations = [spread(one, loads).imbalance for one in (apart, together)]
    # Of the P95 of each node over the two scrapes: 95 and 47.5, 97.5 and 0.
    assert deviations == [pytest.approx(23.75), pytest.approx(48.75)]
