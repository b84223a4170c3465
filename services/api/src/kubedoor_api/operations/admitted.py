"""What admission makes of a Deployment that runs, if it were rolled out now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubedoor_api.admission.preview import apply
from kubedoor_api.operations.manifests import Live
from kubedoor_api.operations.notes import RefusedError, note

if TYPE_CHECKING:
    from kubedoor_api.admission.policy import Control
    from kubedoor_core.domain.admission.decision import Decision


def admitted(env: str, namespace: str, live: Live, control: Control) -> tuple[Decision, Live]:
    """Return what admission decides about a Deployment, and the Deployment after it.

    :raises RefusedError: it is not registered, and would be refused.
    :raises BadValueError: for what is no Deployment.
    """
    metadata = {**live.manifest["metadata"], "namespace": namespace}
    manifest = {"metadata": metadata, "spec": live.manifest["spec"]}
    name = str(metadata["name"])
    decision = control.decide(manifest, control.mode(namespace, control.service(namespace, name)))
    if not decision.allowed:
        raise RefusedError(note("not_registered", service=f"{namespace}/{name}", env=env))
    return decision, Live(apply(manifest, decision.patch))
