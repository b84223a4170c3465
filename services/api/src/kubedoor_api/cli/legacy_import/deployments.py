"""What a cluster runs, by `kubectl get deployments -A -o json`: the old tables know no containers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kubedoor_core.domain.quantity import NANO, parse
from kubedoor_core.errors import BadValueError


@dataclass(frozen=True)
class Running:
    """One Deployment.

    :ivar containers: their names, in the pod's order.
    :ivar limit_cpu_m: of the first container, as the limit in memory; None where there is none.
    """

    containers: tuple[str, ...]
    replicas: int
    limit_cpu_m: int | None = None
    limit_mem_mib: int | None = None


Deployments = Mapping[tuple[str, str], Running]
"""By namespace and name."""


def read(path: Path) -> Deployments:
    """Read a file.

    :raises BadValueError: where it is no list of Deployments.
    """
    try:
        items = json.loads(path.read_text(encoding="utf-8"))["items"]
        return {
            (item["metadata"]["namespace"], item["metadata"]["name"]): _running(item["spec"])
            for item in items
            if item.get("kind", "Deployment") == "Deployment"
        }
    except OSError as error:
        raise BadValueError(f"{path} can't be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadValueError(
            f"{path} is not what `kubectl get deployments -A -o json` prints: {error!r}"
        ) from error


def _running(spec: Mapping[str, Any]) -> Running:
    containers = spec["template"]["spec"]["containers"]
    limits = (containers[0].get("resources") or {}).get("limits") or {}
    return Running(
        tuple(container["name"] for container in containers),
        int(spec.get("replicas", 1)),
        _amount(limits.get("cpu"), 1000),
        _amount(limits.get("memory"), 1 / 1_048_576),
    )


def _amount(quantity: object, factor: float) -> int | None:
    return None if quantity is None else round(parse(quantity) / NANO * factor)
