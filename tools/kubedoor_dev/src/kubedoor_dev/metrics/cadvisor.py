"""What cAdvisor tells of a pod: a row per container, one for the pod, and one for its pause container."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kubedoor_dev.metrics import use
from kubedoor_dev.metrics.clock import Clock
from kubedoor_dev.metrics.model import Container, Floats, Labels, Scenario, Series, Service
from kubedoor_dev.metrics.pods import Pod

PERIOD_US = 100_000
PERIODS_A_SECOND = 10


DEBUGGER = Container("debugger-x7k2p", 900, 300)
"""What `kubectl debug` leaves: cAdvisor sees it, and no pod's spec has it."""
DEBUGGED_MIN = (30, 50)


def node_offset_ms(node: int, scrape_s: int) -> int:
    """Return when after a scrape is due a node's turn is: no two nodes at once, none on the minute."""
    return (7_321 + node * 8_113) % (scrape_s * 1000)


def pod_series(scenario: Scenario, service: Service, pod: Pod, clock: Clock) -> Iterator[Series]:
    """Yield the series of one pod's cgroups."""
    alive = alive_at(service, pod, clock)
    if pod.failed or not alive.any():
        return
    cpu_total = np.zeros(clock.seconds.size)
    mem_total = np.zeros(clock.seconds.size)
    for container in service.containers:
        cores, mem = used_by(scenario, service, pod, container, clock)
        cpu_total, mem_total = cpu_total + cores, mem_total + mem
        for part, mask in _lives(service, pod, container, clock, alive):
            labels = _labels(scenario, service, pod, container.name, part)
            yield from _container_series(labels, container, service, clock, mask, cores, mem)
    if service.debugged_day == clock.index and pod.ordinal == 0:
        yield from _debugger(scenario, service, pod, clock, alive)
    for name in _other_rows(service):
        labels = _labels(scenario, service, pod, name, 0)
        share = 1.0 if name == "" else 1e-6
        yield from _usage(labels, clock, alive, cpu_total * share, np.floor(mem_total * share))


def _debugger(
    scenario: Scenario, service: Service, pod: Pod, clock: Clock, alive: np.typing.NDArray[np.bool_]
) -> Iterator[Series]:
    first, last = DEBUGGED_MIN
    then = alive & (clock.from_start >= first) & (clock.from_start < last)
    if then.any():
        cores, mem = used_by(scenario, service, pod, DEBUGGER, clock)
        yield from _usage(_labels(scenario, service, pod, DEBUGGER.name, 0), clock, then, cores, mem)


def _other_rows(service: Service) -> tuple[str, ...]:
    """Return the rows besides the containers'. A replayed one, with its hundreds of pods, has none."""
    if service.trace is not None:
        return ()
    return ("", "POD") if service.pause_rows else ("",)


def alive_at(service: Service, pod: Pod, clock: Clock) -> np.typing.NDArray[np.bool_]:
    """Return at which scrapes a pod is there."""
    low = -np.inf if pod.from_min is None else pod.from_min
    high = np.inf if pod.to_min is None else pod.to_min
    alive = (clock.from_start >= low) & (clock.from_start < high)
    if service.gap and pod.ordinal == 0 and service.gap[0] == clock.index:
        alive &= (clock.from_start < service.gap[1]) | (clock.from_start > service.gap[2])
    if service.trace is not None:
        alive &= np.isfinite(use.traced_cores(service, clock.day, clock.of_day))
    return np.asarray(alive)


def used_by(
    scenario: Scenario, service: Service, pod: Pod, container: Container, clock: Clock
) -> tuple[Floats, Floats]:
    """Return cores and bytes at every scrape."""
    rng = use.generator(scenario, service.namespace, pod.name, container.name, clock.index)
    factor = use.day_factor(scenario, service, clock.index, "mem")
    if service.shape == "rhythmic":
        times_s: Floats = clock.seconds.astype(float) + node_offset_ms(pod.node, clock.scrape_s) / 1000
        cores = use.rhythmic_cores(container, times_s, clock.steps_s)
        return cores, use.memory_bytes(container.use_mem_mib, cores, factor, rng)
    share = use.pod_share(scenario, service, pod.ordinal)
    if service.trace is None:
        usual = use.cpu_cores(scenario, service, container, clock.index, clock.from_start, clock.length_min)
        width = 0.08
    else:
        total = np.nan_to_num(use.traced_cores(service, clock.day, clock.of_day))
        usual, width = total / service.pods_on(clock.index), 0.02
        share = _uneven(scenario, service, pod.ordinal)
    cores = usual * share * use.noise(rng, usual.size, width)
    return cores, use.memory_bytes(container.use_mem_mib, cores, factor, rng)


def _uneven(scenario: Scenario, service: Service, ordinal: int) -> float:
    """Return a pod's share of a replayed service: uneven, and 1 on average."""
    shares = use.noise(use.generator(scenario, service.name, "uneven"), service.replicas, 0.3)
    return float(shares[ordinal] / shares.mean())


def _lives(
    service: Service, pod: Pod, container: Container, clock: Clock, alive: np.typing.NDArray[np.bool_]
) -> Iterator[tuple[int, np.typing.NDArray[np.bool_]]]:
    """Yield a container's incarnations: one that is killed comes back with another id, counting from zero."""
    minute = service.oom.get(clock.index)
    if minute is None or pod.ordinal != 0 or container != service.containers[0]:
        yield 0, alive
        return
    yield 0, alive & (clock.from_start < minute)
    yield 1, alive & (clock.from_start >= minute)


def _labels(scenario: Scenario, service: Service, pod: Pod, container: str, part: int) -> Labels:
    group = f"/kubepods/burstable/pod{pod.uid}"
    named = container not in ("", "POD")
    labels = {
        "cpu": "total",
        "id": f"{group}/{pod.uid}{part}{container}" if container else group,
        "image": f"registry.example/{service.namespace}/{container}:1.4.2" if named else "",
        "instance": f"10.0.0.{pod.node + 11}:10250",
        "job": "kubelet",
        "metrics_path": "/metrics/cadvisor",
        "name": f"k8s_{container}_{pod.uid}_{part}" if container else "",
        "namespace": service.namespace,
        "node": f"node-{pod.node + 1}",
        "pod": pod.name,
        "container": container,
        **dict(scenario.flavor.extra_labels),
    }
    return {key: value for key, value in labels.items() if value}


def _container_series(
    labels: Labels,
    container: Container,
    service: Service,
    clock: Clock,
    alive: np.typing.NDArray[np.bool_],
    cores: Floats,
    mem: Floats,
) -> Iterator[Series]:
    yield from _usage(labels, clock, alive, cores, mem)
    if not container.limit_cpu_m or service.trace is not None:
        return
    quota = container.limit_cpu_m * PERIOD_US / 1000
    times = _times(clock, labels, alive)
    plain = {key: value for key, value in labels.items() if key != "cpu"}
    for name, value in (("quota", quota), ("period", PERIOD_US)):
        spec, some = {"__name__": f"container_spec_cpu_{name}", **plain}, times[:: service.static_every]
        yield Series(spec, some, np.full(some.size, float(value)))
    periods = clock.steps_s * PERIODS_A_SECOND
    throttled = np.round(periods * np.clip(service.throttled * cores / max(cores.max(), 1e-9), 0, 1))
    for name, steps in (("", periods), ("_throttled", throttled)):
        counter = {"__name__": f"container_cpu_cfs{name}_periods_total", **plain}
        yield Series(counter, times, counted(clock, alive, steps))


def _usage(
    labels: Labels, clock: Clock, alive: np.typing.NDArray[np.bool_], cores: Floats, mem: Floats
) -> Iterator[Series]:
    times = _times(clock, labels, alive)
    if times.size == 0:
        return
    cpu = {"__name__": "container_cpu_usage_seconds_total", **labels}
    seconds = np.round(counted(clock, alive, cores * clock.steps_s), 6)
    yield Series(cpu, times, seconds)
    plain = {key: value for key, value in labels.items() if key != "cpu"}
    yield Series({"__name__": "container_memory_working_set_bytes", **plain}, times, mem[alive])


def _times(clock: Clock, labels: Labels, alive: np.typing.NDArray[np.bool_]) -> np.typing.NDArray[np.int64]:
    node = int(labels["node"].removeprefix("node-")) - 1
    return clock.seconds[alive] * 1000 + node_offset_ms(node, clock.scrape_s)


def counted(clock: Clock, alive: np.typing.NDArray[np.bool_], steps: Floats) -> Floats:
    """Return a counter: what went before the day, then a step a scrape; one that began in it from zero."""
    if not alive.any():
        return np.zeros(0)
    grown = np.cumsum(steps)[alive]
    usual = np.floor((clock.index + 2) * 86_400 / clock.scrape_s * float(np.mean(steps)))
    before = usual if alive[0] else -grown[0]
    return np.asarray(before + grown)
