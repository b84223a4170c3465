"""The old control table as rows of `control`: the expert's pod counts and limits.

Requests, observed pod counts and percentages are not taken: the collector derives them from what it
measures, per service and container, and for the right env.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kubedoor_api.cli.legacy_import.queries import OldService
from kubedoor_api.cli.legacy_import.report import Moves, Note, Outcome
from kubedoor_core.domain.control import ContainerValues, ExpertRow
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


TABLE = "k8s_res_control"
CAP = 255

Service = tuple[str, str, str]
"""env, namespace, deployment."""


@dataclass
class Moved(Moves[ExpertRow]):
    """New rows, and what is to be told."""

    def note(self, service: Service, outcome: Outcome, what: str) -> None:
        """Add a note."""
        self.notes.append(Note(outcome, TABLE, what, *service))


def move_control(
    rows: Iterable[OldService], deployments: Mapping[str, Deployments], there: Mapping[Service, str]
) -> Moved:
    """Make rows of `control`, without their version.

    :param there: who wrote each row that we have, tombstones too.
    """
    moved, services = Moved(), defaultdict[Service, list[OldService]](list)
    for row in rows:
        services[row.env, row.namespace, row.name].append(row)
    envs = defaultdict[tuple[str, str], set[str]](set)
    for env, namespace, deployment in services:
        envs[namespace, deployment].add(env)
    for service, same in sorted(services.items()):
        chosen = _one_of(moved, service, same)
        if chosen is not None and _may_be_taken(moved, service, deployments, there):
            running = deployments[service[0]][service[1:]]
            shared = len(envs[service[1:]]) > 1
            moved.rows.append(_made(moved, service, chosen, running, shared=shared))
    return moved


def _one_of(moved: Moved, service: Service, same: list[OldService]) -> OldService | None:
    """Choose among several rows of one service: equal ones, or the one that was updated last."""
    latest = max(same, key=lambda row: row.update)
    # By their text: a NaN equals itself there.
    differ = [row for row in same if repr(row._replace(update="")) != repr(latest._replace(update=""))]
    if any(row.update == latest.update for row in differ):
        moved.note(service, "left", "several rows contradict each other, and none is the latest")
        return None
    if len(same) > 1:
        what = "several rows: the one updated last is taken" if differ else "was there twice: taken once"
        moved.note(service, "corrected", what)
    return latest


def _may_be_taken(
    moved: Moved, service: Service, deployments: Mapping[str, Deployments], there: Mapping[Service, str]
) -> bool:
    env, *name = service
    if env not in deployments:
        what = "nobody can tell whether it is a Deployment: give --deployments for this env"
        moved.note(service, "left", what)
    elif tuple(name) not in deployments[env]:
        what = "no Deployment of this name runs: it is gone, or was a pod of something else"
        moved.note(service, "left", what)
    elif service in there:
        moved.note(service, "there", f"a row of `control`, by {there[service]}")
    else:
        return True
    return False


def _made(moved: Moved, service: Service, row: OldService, running: Running, *, shared: bool) -> ExpertRow:
    replicas = _replicas(moved, service, row, running, shared=shared)
    cpu, mem = _limits(moved, service, row, running, shared=shared)
    if _number(row.request_cpu_m) or _number(row.request_mem_mb):
        moved.note(service, "left", "requests: derived anew from what the collector measures")
    pairs = ((row.request_cpu_m, row.limit_cpu_m), (row.request_mem_mb, row.limit_mem_mb))
    if any((_number(request) or 0) > (_number(limit) or math.inf) for request, limit in pairs):
        moved.note(service, "corrected", "a request above its limit: admission brings it down to the limit")
    if _number(row.pod_count_ai):
        moved.note(service, "left", "a recommended pod count: nobody makes it again")
    moved.note(service, "taken", "registered, with the pod count and the limits that could be taken")
    limits = ContainerValues(running.containers[0], limit_cpu_m=cpu, limit_mem_mib=mem)
    return ExpertRow(
        env=service[0],
        namespace=service[1],
        kind="Deployment",
        name=service[2],
        replicas_manual=replicas,
        note="moved over from KubeDoor 0.2",
        containers=(limits,) if cpu or mem else (),
    )


def _number(value: object) -> int | None:
    """Read a count or an amount: -1 and the like are unknown, and so is a NaN."""
    if not isinstance(value, (int, float)) or not math.isfinite(value) or value < 0:
        return None
    return round(value)


def _replicas(
    moved: Moved, service: Service, row: OldService, running: Running, *, shared: bool
) -> int | None:
    count = _number(row.pod_count_manual)
    if count is None:
        return None
    if count == 0:
        moved.note(
            service, "left", "a manual pod count of 0, which may mean that nobody set one: set it anew"
        )
        return None
    if count >= CAP:
        moved.note(service, "left", "a manual pod count of 255, which may be cut off or unknown: set it anew")
        return None
    if shared and count != running.replicas:
        moved.note(service, "left", "a manual pod count that an edit of another env may have set")
        return None
    return count


def _limits(
    moved: Moved, service: Service, row: OldService, running: Running, *, shared: bool
) -> tuple[int | None, int | None]:
    cpu, mem = _number(row.limit_cpu_m) or None, _number(row.limit_mem_mb) or None
    if cpu is None and mem is None:
        return None, None
    if len(running.containers) > 1:
        moved.note(service, "left", "limits: its pods have several containers, and these may be their mean")
        return None, None
    if shared and (cpu, mem) != (running.limit_cpu_m, running.limit_mem_mib):
        moved.note(service, "left", "limits that an edit of another env may have set")
        return None, None
    return cpu, mem
