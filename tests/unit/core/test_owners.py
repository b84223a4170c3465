"""Whose a pod is: what kube-state-metrics tells, and the names only where it tells no owners at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubedoor_core.domain.generated_names import GENERATED, deployment_of
from kubedoor_core.metrics.owners import Owner, Owners, Workload, read_owners
from kubedoor_core.metrics.samples import PodKey

SHOP = "shop"


def pod_owner(pod: str, kind: str, name: str, **more: str) -> dict[str, str]:
    return {"namespace": SHOP, "pod": pod, "owner_kind": kind, "owner_name": name, **more}


def set_owner(replica_set: str, name: str, kind: str = "Deployment") -> dict[str, str]:
    return {"namespace": SHOP, "replicaset": replica_set, "owner_kind": kind, "owner_name": name}


def told(pods: list[dict[str, str]], sets: list[dict[str, str]]) -> Owners:
    return read_owners(pods, sets, told=True, sets_told=bool(sets))


def untold() -> Owners:
    return read_owners([], [], told=False, sets_told=False)


def name_of(owners: Owners, pod: str) -> str:
    owner = owners.of(PodKey(SHOP, pod))
    return owner.workload.name if isinstance(owner, Owner) else owner


@pytest.mark.parametrize(
    ("replica_set", "name"),
    [
        ("cart-7d9f8c6b5", "cart"),
        ("cart-api-v2-5f6d7c", "cart-api-v2"),
        ("cart-5f6d7", None),  # a ReplicaSet's suffix has six characters and more
        ("fluentd-v2", None),  # a DaemonSet's
        ("pay-2", None),  # a DeploymentConfig's ReplicationController
        ("postgres", None),
        ("log-shipper", None),  # no vowels are generated
        ("nightly-report-29945678", None),  # a CronJob's Job, named by the minute
        ("web-prod", None),
        ("", None),
    ],
)
def test_a_deployment_by_its_replica_sets_name(replica_set: str, name: str | None) -> None:
    assert deployment_of(replica_set) == name


@pytest.mark.parametrize(
    ("pod", "name"),
    [
        ("cart-7d9f8c6b5-x2vbn", "cart"),
        ("fluentd-v2-x2vbn", "name_unknown"),
        ("pay-2-x2vbn", "name_unknown"),
        ("web-0", "name_unknown"),
        ("a" * 47 + "-7d9f8c6b5d" + "x2vbn", "a" * 47),  # cut to 58 characters and five
    ],
)
def test_where_no_owners_are_told_the_names_decide(pod: str, name: str) -> None:
    assert name_of(untold(), pod) == name


def test_where_owners_are_told_a_name_decides_nothing() -> None:
    owners = told(
        [pod_owner("cart-7d9f8c6b5-x2vbn", "ReplicaSet", "cart-7d9f8c6b5")],
        [set_owner("cart-7d9f8c6b5", "another-name")],
    )
    assert name_of(owners, "cart-7d9f8c6b5-x2vbn") == "another-name"
    assert name_of(owners, "pay-7d9f8c6b5-x2vbn") == "owner_unknown"


def test_a_pod_that_was_gone_before_it_was_told_of_is_found_by_its_replica_set() -> None:
    owners = told([pod_owner("x", "Node", "n")], [set_owner("cart-7d9f8c6b5", "cart")])
    owner = owners.of(PodKey(SHOP, "cart-7d9f8c6b5-x2vbn"))
    assert owner == Owner(Workload(SHOP, "Deployment", "cart"), "cart-7d9f8c6b5", "name")


def test_only_the_controller_owns_a_pod() -> None:
    pod = "cart-7d9f8c6b5-x2vbn"
    owners = told(
        [
            pod_owner(pod, "ReplicaSet", "cart-7d9f8c6b5", owner_is_controller="true"),
            pod_owner(pod, "Janitor", "sweeper", owner_is_controller="false"),
        ],
        [set_owner("cart-7d9f8c6b5", "cart")],
    )
    assert name_of(owners, pod) == "cart"


def test_a_pod_taken_out_of_its_replica_set_is_nobodys_and_the_others_stay() -> None:
    owners = told(
        [
            pod_owner("cart-7d9f8c6b5-x2vbn", "ReplicaSet", "cart-7d9f8c6b5"),
            pod_owner("cart-7d9f8c6b5-zzzzz", "<none>", "<none>", owner_is_controller="<none>"),
        ],
        [set_owner("cart-7d9f8c6b5", "cart")],
    )
    assert name_of(owners, "cart-7d9f8c6b5-x2vbn") == "cart"
    assert name_of(owners, "cart-7d9f8c6b5-zzzzz") == "no_owner"


def test_names_that_share_58_characters_are_told_apart_by_owner() -> None:
    first, second = "b" * 58 + "-one", "b" * 58 + "-two"
    pods = ["b" * 58 + suffix for suffix in ("x2vbn", "7cvbn")]
    owners = told(
        [
            pod_owner(pod, "ReplicaSet", f"{name}-7d9f8c6b5")
            for pod, name in zip(pods, (first, second), strict=True)
        ],
        [set_owner(f"{name}-7d9f8c6b5", name) for name in (first, second)],
    )
    assert [name_of(owners, pod) for pod in pods] == [first, second]


@pytest.mark.parametrize(("kind", "name"), [("Rollout", "x"), ("<none>", "<none>")])
def test_a_replica_set_of_something_else_is_no_deployments(kind: str, name: str) -> None:
    owners = told(
        [pod_owner("x-7d9f8c6b5-x2vbn", "ReplicaSet", "x-7d9f8c6b5")], [set_owner("x-7d9f8c6b5", name, kind)]
    )
    owner = owners.of(PodKey(SHOP, "x-7d9f8c6b5-x2vbn"))
    assert isinstance(owner, Owner)
    assert owner.workload.kind != "Deployment"


def test_without_owners_of_replica_sets_their_names_decide() -> None:
    owners = told([pod_owner("cart-7d9f8c6b5-x2vbn", "ReplicaSet", "cart-7d9f8c6b5")], [])
    assert owners.of(PodKey(SHOP, "cart-7d9f8c6b5-x2vbn")) == Owner(
        Workload(SHOP, "Deployment", "cart"), "cart-7d9f8c6b5", "name"
    )


GENERATED_NAMES = st.text(GENERATED, min_size=8, max_size=10)
NAMES = st.from_regex(r"[a-z]([a-z0-9-]{0,40}[a-z])?", fullmatch=True)


@given(NAMES, GENERATED_NAMES, st.text(GENERATED, min_size=5, max_size=5))
def test_every_deployments_pods_are_its_own_deployment_of(name: str, suffix: str, pod: str) -> None:
    base = f"{name}-{suffix}-"[:58]
    expected = name if len(f"{name}-{suffix}-") <= 58 else None
    if expected and not suffix.isdigit():
        assert name_of(untold(), base + pod) == expected
