"""Why a collection leaves something out: codes, from which collector and console make their words."""

from __future__ import annotations

from typing import Literal

OwnerReason = Literal["no_owner", "owner_unknown", "several_owners", "name_unknown"]
"""Why a pod is nobody's: it has no controller; the store does not tell it; it tells several; its name is no
ReplicaSet's pod's."""

CounterReason = Literal[
    "traffic_failed",
    "jvm_failed",
    "counter_unplaced",
    "counter_unknown_pod",
    "ingress_unmatched",
    "jvm_container",
]
"""Why counters of requests and JVMs are not read, or not as usual: the store did not tell them; their series
name no pod; a pod of which the store tells nothing else; a Service behind which no single service is known;
JVMs whose series name no container, in pods of several."""

NodeReason = Literal["nodes_failed", "node_unknown"]
"""Why nothing is known of nodes: the store did not tell it; series of which nothing tells the node."""

LeftOutReason = Literal[OwnerReason, CounterReason, NodeReason, "not_running", "not_in_spec", "odd_interval"]
"""Why something has no figures, or not the usual ones: besides, a service none of whose pods ran; a container
that its pod's spec does not have; samples at an interval that doesn't fit minutes."""
