"""The main job: deploy, collect, look, enforce, see what admission makes of it; and what is wrong now."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kubedoor_core.domain.workload import shown_service
from kubedoor_dev.cluster.pod_status import FAIL
from kubedoor_dev.demo.awkward import HEADER as HEADER_ODD
from kubedoor_dev.demo.awkward import check_odd, lines_of_odd
from kubedoor_dev.demo.clients import Client, Json, Reply, StepFailedError, browser, kubectl, script
from kubedoor_dev.demo.nodes import tell_nodes
from kubedoor_dev.demo.stack import DAYS, ENV, Company, Endpoints
from kubedoor_dev.demo.talk import progress, say, step, table
from kubedoor_dev.metrics import Service, deployment_manifest

API = f"/api/v1/envs/{ENV}"
ABSURD = {"requests": {"cpu": "8", "memory": "16Gi"}, "limits": {"cpu": "16", "memory": "32Gi"}}
COLLECTION_TIMEOUT_S = 900
FINDING_TIMEOUT_S = 300
FORBIDDEN = 403
FIRST_ROWS = 12
HEADER_CPU = ("cpu P95 m", "asked m", "request m")
HEADER_MEMORY = ("memory P95 MiB", "asked MiB", "request MiB")


async def main_job(endpoints: Endpoints, company: Company) -> None:
    """Do it, telling each step.

    :raises StepFailedError: when one does not hold.
    """
    services = company.deployments
    async with (
        browser(endpoints.console, endpoints.user, endpoints.password) as console,
        kubectl(Path(endpoints.kubeconfig)) as cluster,
    ):
        await deploy(cluster, services)
        await collect(console, company)
        await tell_nodes(endpoints.clickhouse, ENV)
        rows = await look(console, company.measured)
        say("  What goes wrong in real clusters, and what came out here\n")
        say(table(HEADER_ODD, lines_of_odd(rows)) + "\n")
        check_odd(rows, company.services, DAYS - 1)
        with step("switching admission to enforce"):
            now = await console.ask("GET", f"{API}/mode")
            await console.ask("PUT", f"{API}/mode", {"mode": "enforce"}, If_Match=f'"{now["version"]}"')
        await admit(cluster, rows, services)
        await refuse(cluster, services[0].namespace)
        await alert(console, endpoints, services[0])
        await find(console, cluster, services[1])


async def deploy(cluster: Client, services: tuple[Service, ...]) -> None:
    """Create the company's Deployments with what their teams guessed; admission is off."""
    with step(f"deploying {len(services)} services as their teams wrote them (admission is off)"):
        for service in services:
            await cluster.ask("POST", deployments(service.namespace), deployment_manifest(service))


def deployments(namespace: str) -> str:
    """Return the path of a namespace's Deployments."""
    return f"/apis/apps/v1/namespaces/{namespace}/deployments"


async def collect(console: Client, company: Company) -> None:
    """Ask for the last days as a person does, and follow the run.

    By their dates: another peak window may have ended since the metrics were made.
    """
    dates = [day.isoformat() for day in company.dates]
    with step(f"collecting the last {DAYS} days' peaks, asked for through the console"):
        made = await console.ask("POST", f"{API}/collections", {"dates": dates})
        run = await follow(console, made["id"])
    if run["state"] != "succeeded":
        raise StepFailedError(f"the collection {run['state']}: {run['errors']}")
    say(f"    {run['day_count']} days, {run['services_seen']} services")


async def follow(console: Client, collection_id: str) -> Json:
    """Wait for the end of a collection and return it."""
    told = -1
    async with asyncio.timeout(COLLECTION_TIMEOUT_S):
        while True:
            run = await console.ask("GET", f"{API}/collections/{collection_id}")
            if run["state"] not in ("pending", "running"):
                return run
            if run["day_index"] != told:
                told = run["day_index"]
                progress(f"collecting: day {told} of {run['day_count']}")
            await asyncio.sleep(0.2)


async def look(console: Client, services: tuple[Service, ...]) -> list[Json]:
    """Show the control table's first rows, and check that every service is in it."""
    page = await console.ask("GET", f"{API}/services?limit=500&sort=namespace")
    rows: list[Json] = page["items"]
    seen = {(row["namespace"], row["kind"], row["name"]) for row in rows}
    missing = sorted(
        shown_service(s.kind, s.namespace, s.name)
        for s in services
        if (s.namespace, s.kind, s.name) not in seen
    )
    if missing:
        raise StepFailedError(f"not in the control table: {', '.join(missing)}")
    say(f"\n  The control table: {page['total']} services, the first {min(FIRST_ROWS, len(rows))}\n")
    header = ("namespace", "service", "container", "pods", *HEADER_CPU, *HEADER_MEMORY)
    say(table(header, [line for row in rows for line in lines_of(row)][:FIRST_ROWS]) + "\n")
    return rows


def lines_of(row: Json) -> list[tuple[Any, ...]]:
    """Return a line per container: the last day's P95, what its team asks for, and what it is to get."""
    lines = []
    for one in row["containers"]:
        peak, effective = one["peak"] or {}, one["effective"]
        figures = [
            (peak.get(f"p95_{unit}"), peak.get(f"request_{unit}"), effective[f"request_{unit}"])
            for unit in ("cpu_m", "mem_mib")
        ]
        pods = row["replicas"]["effective"]
        lines.append(
            (
                row["namespace"],
                shown_service(row["kind"], row["name"]),
                one["name"],
                pods,
                *figures[0],
                *figures[1],
            )
        )
    return lines


async def admit(cluster: Client, rows: list[Json], services: tuple[Service, ...]) -> None:
    """Deploy a registered service with absurd values, and check what came out against the control table."""
    row = next(
        row for row in rows if (row["namespace"], row["name"]) == (services[0].namespace, services[0].name)
    )
    manifest = absurd(deployment_manifest(services[0]))
    reply = await cluster.send("PUT", f"{deployments(row['namespace'])}/{row['name']}", manifest)
    if reply.status >= 300:
        raise StepFailedError(f"deploying {row['name']} was refused: {reply.document}")
    name = f"{row['namespace']}/{row['name']}"
    say(f"\n  1. {name}, deployed with 99 replicas and absurd resources. Kubernetes said:\n")
    for warning in reply.warnings:
        say(f"       Warning: {warning}")
    say("\n     What came out:\n")
    containers = reply.document["spec"]["template"]["spec"]["containers"]
    say(
        table(
            ("container", "requests", "limits"), [(c["name"], *map(shown, resources(c))) for c in containers]
        )
    )
    check(reply, row)


def absurd(manifest: Json) -> Json:
    """Return a manifest that asks for far too much."""
    changed = copy.deepcopy(manifest)
    changed["spec"]["replicas"] = 99
    changed["spec"]["template"]["metadata"]["annotations"] = {"demo": "absurd"}
    for container in changed["spec"]["template"]["spec"]["containers"]:
        container["resources"] = copy.deepcopy(ABSURD)
    return changed


def resources(container: Json) -> tuple[Json, Json]:
    """Return a container's requests and limits."""
    held = container.get("resources", {})
    return held.get("requests", {}), held.get("limits", {})


def shown(quantities: Json) -> str:
    """Return quantities on one line."""
    return ", ".join(f"{name} {value}" for name, value in sorted(quantities.items())) or "none"


def check(reply: Reply, row: Json) -> None:
    """Check replicas and requests of what came out.

    :raises StepFailedError: when they are not the control table's.
    """
    spec = reply.document["spec"]
    if spec["replicas"] != row["replicas"]["effective"]:
        raise StepFailedError(f"{spec['replicas']} replicas instead of {row['replicas']['effective']}")
    got = {c["name"]: resources(c)[0] for c in spec["template"]["spec"]["containers"]}
    for one in row["containers"]:
        if got[one["name"]] == ABSURD["requests"]:
            raise StepFailedError(f"container {one['name']} kept its absurd requests")
    say(f"\n     replicas: {spec['replicas']}")


async def refuse(cluster: Client, namespace: str) -> None:
    """Deploy a service that nobody registered, and check that it is refused."""
    labels = {"app": "rogue"}
    pod = {
        "metadata": {"labels": labels},
        "spec": {"containers": [{"name": "app", "image": "registry.example/rogue:1"}]},
    }
    manifest = {
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "rogue", "namespace": namespace},
        "spec": {"replicas": 1, "selector": {"matchLabels": labels}, "template": pod},
    }  # fmt: skip
    reply = await cluster.send("POST", deployments(namespace), manifest)
    if reply.status != FORBIDDEN:
        raise StepFailedError(f"the unregistered Deployment was answered {reply.status}: {reply.document}")
    say(f"\n  2. {namespace}/rogue, which nobody registered. Kubernetes said:\n")
    say(f"       Error ({reply.status}): {reply.document['message']}")


async def alert(console: Client, endpoints: Endpoints, service: Service) -> None:
    """Send an alert as a script does, with a token that may only that, and look at it as a person does."""
    made = await console.ask("POST", "/api/v1/tokens", {"name": "demo alerts", "role": "ingest"})
    labels = {"severity": "warning", "namespace": service.namespace, "deployment": service.name}
    sent = {
        "alertname": "OrdersSlow",
        "starts_at": datetime.now(UTC).isoformat(),
        "labels": labels,
        "annotations": {"summary": f"{service.name} answers more slowly than last week"},
    }
    async with script(endpoints.console, made["token"]) as sender:
        await sender.ask("POST", f"{API}/alerts/custom", {"alerts": [sent]})
    (group,) = (await console.ask("GET", f"{API}/alerts"))["items"]
    if (group["name"], group["firing"]) != (service.name, 1):
        raise StepFailedError(f"the alert is shown as {group}")
    say(f"\n  3. An alert of a script's is under Alerts, with {service.namespace}/{service.name}.")


async def shows(console: Client, path: str, has: Callable[[Json], object]) -> Json:
    """Ask until an answer has something, and return it."""
    async with asyncio.timeout(FINDING_TIMEOUT_S):
        while True:
            answer = await console.ask("GET", path)
            if has(answer):
                return answer
            await asyncio.sleep(1)


async def find(console: Client, cluster: Client, service: Service) -> None:
    """Roll out a version that crashes, wait until that is found, and look at what runs now."""
    manifest = deployment_manifest(service)
    manifest["spec"]["template"]["metadata"]["annotations"] = {FAIL: "crashloop"}
    name = f"{service.namespace}/{service.name}"
    with step(f"rolling out a version of {name} that crashes, and waiting until that is found"):
        await cluster.ask("PUT", f"{deployments(service.namespace)}/{service.name}", manifest)
        await shows(console, f"{API}/findings?name={service.name}", lambda found: found["items"])
        now = await shows(console, f"{API}/now", lambda now: now["tiles"]["cpu"]["used"])
    say(f"  4. It is under Now, among {now['tiles']['services']} services that Prometheus tells of.")
