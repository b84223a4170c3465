"""ReplicaSets of a Deployment, and the pods of a ReplicaSet: what they are made of."""

from __future__ import annotations

import json
import zlib
from typing import Any

from kubedoor_dev.cluster import defaulting
from kubedoor_dev.cluster.copies import copied
from kubedoor_dev.cluster.resources import DEPLOYMENTS, PODS, REPLICA_SETS, Resource
from kubedoor_dev.cluster.store import ALPHABET, generated

Json = dict[str, Any]

HASH_LABEL = "pod-template-hash"
REVISION = "deployment.kubernetes.io/revision"


def template_hash(template: Json) -> str:
    """Return a hash that changes with the template, in the characters that Kubernetes uses."""
    written = json.dumps(template, sort_keys=True).encode()
    number = zlib.crc32(written) << 16 | zlib.adler32(written) & 0xFFFF
    text = ""
    for _ in range(10):
        number, digit = divmod(number, len(ALPHABET))
        text += ALPHABET[digit]
    return text


def owner_reference(resource: Resource, owner: Json) -> Json:
    """Refer to an object as the controller of another."""
    return {
        "apiVersion": resource.api_version,
        "kind": resource.kind,
        "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def has_template(replica_set: Json, template: Json) -> bool:
    """Tell whether a ReplicaSet was made of a template."""
    own = copied(replica_set["spec"]["template"])
    own["metadata"]["labels"].pop(HASH_LABEL, None)
    return bool(own == template)


def replica_set(deployment: Json, revision: int) -> Json:
    """Make the ReplicaSet of a Deployment's template, with no pods yet."""
    template = copied(deployment["spec"]["template"])
    hashed = template_hash(template)
    metadata = template.setdefault("metadata", {})
    metadata["labels"] = {**metadata.get("labels", {}), HASH_LABEL: hashed}
    selector = copied(deployment["spec"]["selector"])
    selector["matchLabels"] = {**selector.get("matchLabels", {}), HASH_LABEL: hashed}
    place = deployment["metadata"]
    return {
        "kind": REPLICA_SETS.kind,
        "apiVersion": REPLICA_SETS.api_version,
        "metadata": {
            "name": f"{place['name']}-{hashed}",
            "namespace": place["namespace"],
            "labels": metadata["labels"],
            "annotations": {REVISION: str(revision)},
            "ownerReferences": [owner_reference(DEPLOYMENTS, deployment)],
            "generation": 1,
        },
        "spec": {"replicas": 0, "selector": selector, "template": template},
        "status": {"replicas": 0},
    }


def pod(owner: Json) -> Json:
    """Make a Pod of a ReplicaSet's template; as in any Pod, requests come from limits."""
    template = copied(owner["spec"]["template"])
    meta = template.get("metadata", {})
    prefix = f"{owner['metadata']['name']}-"
    metadata = {
        "name": generated(prefix),
        "generateName": prefix,
        "namespace": owner["metadata"]["namespace"],
        "labels": meta.get("labels", {}),
        "ownerReferences": [owner_reference(REPLICA_SETS, owner)],
    }
    if meta.get("annotations"):
        metadata["annotations"] = meta["annotations"]
    made: Json = {
        "kind": PODS.kind,
        "apiVersion": PODS.api_version,
        "metadata": metadata,
        "spec": template["spec"],
    }
    defaulting.pod(made)
    return made


def revision_of(obj: Json) -> int:
    """Return the revision of a Deployment or ReplicaSet; 0 before the first."""
    return int(obj["metadata"].get("annotations", {}).get(REVISION, "0"))
