"""Why a collection leaves something out: codes, from which collector and console make their words."""

from __future__ import annotations

from typing import Literal

OwnerReason = Literal["no_owner", "owner_unknown", "several_owners", "name_unknown"]
"""Why a pod is nobody's: it has no controller; the store does not tell it; it tells several; its name is no
ReplicaSet's pod's."""

LeftOutReason = Literal[OwnerReason, "not_running", "not_in_spec", "odd_interval", "traffic_failed"]
"""Why something has no figures, or not the usual ones: besides, a service none of whose pods ran; a container
that its pod's spec does not have; samples at an interval that doesn't fit minutes; the
requests of all services, since the store did not tell them."""
