"""What admission makes of a Deployment that runs, if it were rolled out now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubedoor_api.admission.preview import apply
from kubedoor_api.operations.manifests import Live
from kubedoor_api.operations.notes import RefusedError, note

if TYPE_CHECKING:
    from kubedoor_api.admission.policy import Control
    from kubedoor_api.kube.objects.meta import ObjectMeta
    from kubedoor_api.kube.objects.workloads import Deployment
    from kubedoor_core.domain.admission.decision import Decision


def admitted(env: str, namespace: str, live: Live, control: Control) -> tuple[Decision, Live]:
    """Return what admission decides about a Deployment, and the Deployment after it.

    :raises RefusedError: it is not registered, and would be refused.
    :raises BadValueError: for what is no Deployment.
    """
    name = str(live.manifest["metadata"]["name"])
    metadata: ObjectMeta = {**live.manifest["metadata"], "namespace": namespace}
    manifest: Deployment = {"metadata": metadata, "spec": live.manifest["spec"]}
    decision = control.decide(manifest, control.mode(namespace, control.service(namespace, name)))
    if not decision.allowed:
        raise RefusedError(note("not_registered", service=f"{namespace}/{name}", env=env))
    return decision, Live(apply(manifest, decision.patch))
