"""A pod that was taken out of its ReplicaSet is none of the service's any more, although its name says so."""

from __future__ import annotations

from kubedoor_core.metrics.owners import read_owners
from kubedoor_core.metrics.samples import PodKey

POD = "cart-5d9f7c6b8d-x2vbn"
SETS = [{
    "namespace": "shop", "replicaset": "cart-5d9f7c6b8d", "owner_kind": "Deployment", "owner_name": "cart",
    "owner_is_controller": "true",
}]  # fmt: skip


def owner(kind: str, name: str) -> dict[str, str]:
    place = {"namespace": "shop", "pod": POD}
    return {**place, "owner_kind": kind, "owner_name": name, "owner_is_controller": "true"}


def test_an_isolated_pod_is_left_out_and_that_is_told() -> None:
    owners = read_owners([owner("<none>", "<none>")], SETS, told=True, sets_told=True)
    assert owners.of(PodKey("shop", POD)) == "no_owner"


def test_in_the_window_in_which_it_was_isolated_it_counts_as_the_services() -> None:
    told = [owner("ReplicaSet", "cart-5d9f7c6b8d"), owner("<none>", "<none>")]
    found = read_owners(told, SETS, told=True, sets_told=True).of(PodKey("shop", POD))
    assert not isinstance(found, str)
    assert (found.workload.kind, found.workload.name) == ("Deployment", "cart")
