"""The chart's scrape configuration, rules and routes are taken by the programs, and find what they should."""

from __future__ import annotations

import asyncio
import json
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import yaml
from aiohttp import web

from kubedoor_dev.certificates import make_authority
from kubedoor_dev.processes import free_port, stop, wait_for_http
from kubedoor_dev.prometheus import Store, running, start_victoria_metrics
from kubedoor_dev.tools import find
from support.rendering import MINIMAL, merged, objects, templates
from support.waiting import until

VALUES = merged(
    MINIMAL,
    {
        "prometheus": {"url": ""},
        "webhook": {"enabled": False},
        "monitoring": {
            "stack": "full",
            "scrapeIntervalSeconds": 5,
            "alertmanager": {"tokenSecret": "ingest", "envs": ["far"]},
        },
    },
)
Json = dict[str, Any]


def files_of(component: str) -> dict[str, str]:
    """Return the files of a component's ConfigMap."""
    found = [one for one in objects(templates(VALUES)) if one["kind"] == "ConfigMap"]
    data: dict[str, str] = next(
        one["data"] for one in found if one["metadata"]["name"] == f"kubedoor-{component}"
    )
    return data


def told(program: str, *arguments: object) -> str:
    """Run a program to its end; return what it says."""
    done = subprocess.run(
        [str(find(program)), *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_vmalert_and_prometheus_take_the_rules(tmp_path: Path) -> None:
    for name, text in files_of("vmalert").items():
        (tmp_path / name).write_text(text)
        assert "SUCCESS" in told("promtool", "check", "rules", tmp_path / name)
    told("vmalert", f"-rule={tmp_path}/*.yaml", "-dryRun")


class Api:
    """As much of an API server as finding what to scrape takes: lists, and watches that tell nothing."""

    def __init__(self, pods: list[Json], nodes: list[Json]) -> None:
        self._lists = {"pods": ("PodList", pods), "nodes": ("NodeList", nodes)}
        self.over = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer a list, or hold a watch open."""
        kind, every = self._lists[request.match_info["kind"]]
        if request.query.get("watch"):
            response = web.StreamResponse(headers={"Content-Type": "application/json"})
            await response.prepare(request)
            await self.over.wait()
            return response
        namespace = request.match_info.get("namespace")
        items = [one for one in every if namespace in (None, one["metadata"].get("namespace"))]
        head = {"apiVersion": "v1", "kind": kind, "metadata": {"resourceVersion": "1"}}
        return web.json_response({**head, "items": items})


def pod(
    name: str, declared: int, *, namespace: str = "kubedoor", component: str = "", **annotations: str
) -> Json:
    """Return a pod on this machine that declares a port."""
    labels = {"app.kubernetes.io/instance": "kubedoor", "app.kubernetes.io/component": component}
    container = {
        "name": "app",
        "image": "i",
        "ports": [{"name": "main", "containerPort": declared, "protocol": "TCP"}],
    }
    said = {f"prometheus.io/{key}": value for key, value in annotations.items()}
    return {
        "metadata": {
            "name": name,
            "namespace": namespace,
            "uid": name,
            "labels": labels if component else {},
            "annotations": said,
        },
        "spec": {"nodeName": "n1", "containers": [container, {"name": "aside", "image": "i"}]},
        "status": {"phase": "Running", "podIP": "127.0.0.1", "hostIP": "127.0.0.1"},
    }


@asynccontextmanager
async def serving(texts: dict[str, str], folder: Path | None = None) -> AsyncIterator[int]:
    """Serve texts by path on a port of its own; with a folder by TLS."""
    app = web.Application()
    for path, text in texts.items():
        app.router.add_get(path, _answering(text))
    async with _site(app, folder) as port:
        yield port


def _answering(text: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=text)

    return answer


@asynccontextmanager
async def _site(app: web.Application, folder: Path | None = None) -> AsyncIterator[int]:
    runner, port = web.AppRunner(app, shutdown_timeout=1), free_port()
    await runner.setup()
    context = None
    if folder is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*make_authority("kubelet").server(["localhost"]).write(folder))
    await web.TCPSite(runner, "127.0.0.1", port, ssl_context=context).start()
    try:
        yield port
    finally:
        await runner.cleanup()


@contextmanager
def agent(folder: Path, api_url: str, store: Store) -> Iterator[None]:
    """Run the chart's agent outside of the cluster: its configuration, but for what only a pod has."""
    (folder / "token").write_text("token")
    document = yaml.safe_load(files_of("vmagent")["prometheus.yaml"])
    for job in document["scrape_configs"]:
        for one in job["kubernetes_sd_configs"]:
            one["api_server"] = api_url
        if "authorization" in job:
            job["authorization"]["credentials_file"] = str(folder / "token")
    configuration, port = folder / "prometheus.yaml", free_port()
    configuration.write_text(yaml.safe_dump(document))
    command = [
        str(find("vmagent")), f"-promscrape.config={configuration}", "-promscrape.config.strictParse",
        f"-httpListenAddr=127.0.0.1:{port}", f"-remoteWrite.url={store.url}/api/v1/write",
        f"-remoteWrite.tmpDataPath={folder / 'buffer'}", "-remoteWrite.flushInterval=200ms",
    ]  # fmt: skip
    log = folder / "vmagent.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        wait_for_http(f"http://127.0.0.1:{port}/health", process, log)
        yield
    finally:
        stop(process)


async def labels_of(url: str, query: str) -> list[Json]:
    """Return the labels of what a query finds."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{url}/api/v1/query?{urlencode({'query': query})}") as answer,
    ):
        found = (await answer.json())["data"]["result"]
    return sorted((one["metric"] for one in found), key=json.dumps)


async def test_it_scrapes_kubelets_exporters_ourselves_and_pods_that_say_so(tmp_path: Path) -> None:
    container = 'container="cart",namespace="shop",pod="cart-1"'
    async with AsyncExitStack() as stack:
        kubelet = await stack.enter_async_context(
            serving(
                {
                    "/metrics/cadvisor": f"container_cpu_usage_seconds_total{{{container}}} 1\n"
                    f"container_tasks_state{{{container}}} 1\n",
                    "/metrics": 'kubelet_volume_stats_used_bytes{namespace="shop"} 1\nkubelet_runtime 1\n',
                },
                tmp_path,
            )
        )
        metrics = {
            "kube-state-metrics": 'kube_pod_owner{namespace="shop",pod="cart-1"} 1\n',
            "node-exporter": "node_memory_MemTotal_bytes 1\n",
            "api": "kubedoor_api_request_seconds_count 1\n",
        }
        ours = [
            pod(name, await stack.enter_async_context(serving({"/metrics": text})), component=name)
            for name, text in metrics.items()
        ]
        counted = await stack.enter_async_context(serving({"/prometheus": "jvm_threads_current 1\n"}))
        asked_not = await stack.enter_async_context(serving({"/metrics": "jvm_threads_current 2\n"}))
        theirs = [
            pod("cart-1", counted, namespace="shop", scrape="true", path="/prometheus", port=str(counted)),
            pod("cart-2", counted, namespace="shop", scrape="true", path="/prometheus", port="1"),
            pod("db-0", asked_not, namespace="shop"),
        ]
        node = {
            "metadata": {"name": "n1", "uid": "n1", "labels": {}, "annotations": {}},
            "status": {
                "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}],
                "daemonEndpoints": {"kubeletEndpoint": {"Port": kubelet}},
            },
        }
        api, app = Api([*ours, *theirs], [node]), web.Application()
        app.router.add_get("/api/v1/{kind}", api.answer)
        app.router.add_get("/api/v1/namespaces/{namespace}/{kind}", api.answer)
        url = f"http://127.0.0.1:{await stack.enter_async_context(_site(app))}"
        stack.callback(api.over.set)
        store = stack.enter_context(running(start_victoria_metrics(tmp_path / "store")))
        stack.enter_context(agent(tmp_path, url, store))

        async def all_are_up() -> bool:
            return len(await labels_of(store.url, "up == 1")) == 6

        await until(all_are_up)
        assert await labels_of(store.url, "up == 0") == []
        assert await labels_of(store.url, "container_tasks_state or kubelet_runtime") == []
        (cpu,) = await labels_of(store.url, "container_cpu_usage_seconds_total")
        assert (cpu["namespace"], cpu["pod"], cpu["node"], cpu["env"]) == ("shop", "cart-1", "n1", "test")
        (owner,) = await labels_of(store.url, "kube_pod_owner")
        assert (owner["namespace"], owner["pod"]) == ("shop", "cart-1")
        (memory,) = await labels_of(store.url, "node_memory_MemTotal_bytes")
        assert memory["node"] == "n1"
        (answered,) = await labels_of(store.url, "kubedoor_api_request_seconds_count")
        assert (answered["namespace"], answered["pod"]) == ("kubedoor", "api")
        (threads,) = await labels_of(store.url, "jvm_threads_current")
        assert (threads["namespace"], threads["pod"], threads["container"]) == ("shop", "cart-1", "app")
        assert len(await labels_of(store.url, "kubelet_volume_stats_used_bytes")) == 1
