"""Services of a company that sells things, guessed at by their teams, with every oddity."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import Any, Literal

from kubedoor_dev.metrics.model import Container, Service, Speaks

Guess = Literal["over", "fair", "under", "none"]

_FACTORS: dict[str, tuple[float, float]] = {"over": (5.0, 3.0), "fair": (1.25, 1.2), "under": (0.45, 0.6)}
"""How a team's cpu and memory requests compare with the use at peak."""

_WITH_SIDECAR = {"checkout", "payment-gateway", "login"}
_SIDECAR = Container("envoy", 18, 52, 100, 500, 128, 256)

# namespace: name, pods, cpu in millicores and memory in MiB of one pod at peak, how well the team guessed
_TABLE: dict[str, list[tuple[str, int, float, float, Guess]]] = {
    "shop": [
        ("storefront", 6, 620, 780, "over"),
        ("checkout", 4, 430, 910, "over"),
        ("cart", 3, 210, 420, "fair"),
        ("catalog", 4, 350, 1180, "over"),
        ("pricing", 3, 160, 310, "under"),
        ("promotions", 2, 85, 260, "over"),
        ("search", 3, 890, 2050, "fair"),
        ("reviews", 2, 45, 190, "over"),
    ],
    "payments": [
        ("payment-gateway", 4, 310, 640, "over"),
        ("ledger", 3, 270, 1480, "fair"),
        ("fraud-check", 3, 740, 1260, "under"),
        ("refunds", 2, 35, 220, "over"),
        ("invoicing", 2, 60, 350, "over"),
        ("settlement", 2, 120, 560, "fair"),
    ],
    "logistics": [
        ("order-router", 3, 240, 510, "fair"),
        ("warehouse-sync", 2, 130, 720, "over"),
        ("shipping-rates", 2, 95, 280, "over"),
        ("tracking", 3, 170, 390, "under"),
        ("label-printer", 1, 15, 140, "over"),
    ],
    "accounts": [
        ("login", 4, 280, 460, "fair"),
        ("profile", 3, 110, 380, "over"),
        ("sessions", 3, 190, 1620, "over"),
        ("notifications", 2, 75, 300, "over"),
        ("preferences", 1, 20, 170, "over"),
        ("mail-sender", 2, 55, 240, "none"),
    ],
    "data": [
        ("event-collector", 5, 480, 610, "fair"),
        ("recommendation", 3, 1350, 3400, "over"),
        ("feature-store", 2, 320, 2700, "fair"),
        ("report-builder", 2, 210, 1900, "under"),
        ("export-worker", 2, 150, 850, "over"),
    ],
    "platform": [
        ("api-gateway", 6, 540, 480, "fair"),
        ("config-server", 2, 25, 320, "over"),
        ("feature-flags", 2, 40, 180, "over"),
        ("rate-limiter", 3, 220, 150, "under"),
        ("audit-sink", 2, 90, 410, "fair"),
        ("webhooks", 2, 70, 230, "over"),
        ("image-resizer", 3, 960, 520, "under"),
    ],
    "media": [
        ("thumbnailer", 2, 410, 690, "fair"),
        ("video-transcoder", 2, 1900, 1450, "under"),
        ("cdn-origin", 3, 330, 940, "over"),
    ],
}  # fmt: skip

_ODDITIES: dict[str, dict[str, Any]] = {
    "fraud-check": {"hot_pod": 2.6},
    "ledger": {"cpu_peak_day": 3, "mem_peak_day": 7},
    "report-builder": {"cpu_peak_day": 8, "mem_peak_day": 2, "shape": "bursty"},
    "webhooks": {"born_day": 5},
    "checkout": {"rollouts": {6: 40}, "cpu_peak_day": 6},
    "api-gateway": {"rollouts": {4: 55, 8: 20}},
    "tracking": {"oom": {5: 33, 9: 20}, "shape": "rising"},
    "image-resizer": {"throttled": 0.37, "shape": "bursty"},
    "order-router": {"gap": (7, 20, 34)},
    "storefront": {"replicas_on": {2: 9, 3: 9}, "cpu_peak_day": 2},
    "config-server": {"shape": "flat"},
}

_SPEAKS: dict[str, Speaks] = {
    "shop": "istio",
    "payments": "micrometer",
    "logistics": "micrometer",
    "accounts": "otel",
}
"""How the requests of a namespace's usual services are counted; those of the others are not."""

_POSTGRES = Container("postgres", 520, 3900, 1000, 2000, 4096, 8192)
_INDEX = Container("index", 260, 2200, 500, None, 2048, 4096)
_OTHERS = (
    Service("data", "postgres", 2, (_POSTGRES,), "StatefulSet"),
    # Its pods are named as a ReplicaSet's are, but for the last part.
    Service(
        "shop",
        "search-index-7bcd9f",
        2,
        (_INDEX,),
        "StatefulSet",
    ),
    Service("platform", "log-shipper", 6, (Container("shipper", 30, 110, 50, 200, 128, 256),), "DaemonSet"),
    # Its pods are named as if `v2` were a ReplicaSet's suffix.
    Service("platform", "fluentd-v2", 3, (Container("fluentd", 40, 150, 50, 200, 128, 256),), "DaemonSet"),
    Service("data", "nightly-report", 1, (Container("report", 600, 700, 500, 1000, 512, 1024),), "CronJob"),
)

_LONG = "customs-declarations-for-goods-that-leave-the-union-by-way"
"""58 characters: of a longer name, no more is in its pods' names."""

_AWKWARD = (
    # A limit of "0" is none; what asks for no requests beside it gets "0" for those, too.
    Service("shop", "gift-cards", 2, (Container("gift-cards", 800, 700, 0, 0, 0, 0),)),
    Service(
        "payments", "chargebacks", 3, (Container("chargebacks", 120, 340, 200, 400, 384, 768),), evicted=2
    ),
    Service("logistics", f"{_LONG}-air", 2, (Container("customs", 90, 260, 150, 300, 256, 512),)),
    Service("logistics", f"{_LONG}-sea", 2, (Container("customs", 310, 520, 400, 800, 512, 1024),)),
    Service(
        "accounts", "consents", 2, (Container("consents", 65, 210, 100, 200, 256, 512),),
        detached=1, second_owner=("Backup", "nightly"),
    ),
    Service(
        "data", "model-server", 2,
        (
            Container("model-server", 450, 1900, 600, 1200, 2048, 4096),
            Container("weights-loader", 55, 180, 100, 300, 256, 512, native_sidecar=True),
        ),
    ),
    Service(
        "platform", "quota-service", 2, (Container("quota-service", 75, 190, 100, 200, 256, 512),),
        debugged_day=4,
    ),
    Service(
        "shop", "stock-sync", 3, (Container("stock-sync", 260, 430, 300, 600, 512, 1024),), only_last_min=30
    ),
    Service(
        "media", "frame-sampler", 3, (Container("frame-sampler", 680, 380, 1000, 3000, 512, 1024),),
        shape="rhythmic",
    ),
)  # fmt: skip
"""Services of the kind on which figures go wrong: each was seen in somebody's cluster."""


def company() -> tuple[Service, ...]:
    """Return the company's Deployments, forty usual and nine awkward ones, and what runs beside them."""
    services = [
        _service(namespace, *row, index)
        for namespace, rows in _TABLE.items()
        for index, row in enumerate(rows)
    ]
    return (*services, *_AWKWARD, *_OTHERS)


def scaled_company(services: int, pods: int, containers: int) -> tuple[Service, ...]:
    """Return plain services in any number, for benchmarks: 50 to a namespace."""
    first = Container("app", 200, 400, 500, 1000, 512, 1024)
    every = (first, *(replace(first, name=f"sidecar-{i}", use_cpu_m=20) for i in range(1, containers)))
    return tuple(Service(f"team-{i // 50:03}", f"service-{i:05}", pods, every) for i in range(services))


def _service(
    namespace: str, name: str, pods: int, cpu_m: float, mem_mib: float, guess: Guess, index: int
) -> Service:
    sidecars = (_SIDECAR,) if name in _WITH_SIDECAR else ()
    containers = (_container(name, cpu_m, mem_mib, guess), *sidecars)
    return Service(
        namespace,
        name,
        pods,
        containers,
        pause_rows=index % 2 == 0,
        speaks=_SPEAKS.get(namespace),
        **_ODDITIES.get(name, {}),
    )


def _container(name: str, cpu_m: float, mem_mib: float, guess: Guess) -> Container:
    if guess == "none":
        return Container(name, cpu_m, mem_mib)
    cpu_factor, mem_factor = _FACTORS[guess]
    spread = 0.8 + zlib.crc32(name.encode()) % 50 / 100
    request_cpu_m = _round(cpu_m * cpu_factor * spread, 50)
    request_mem_mib = _round(mem_mib * mem_factor, 128)
    limit_mem_mib = max(2 * request_mem_mib, _round(mem_mib * 1.6, 256))
    return Container(
        name, cpu_m, mem_mib, request_cpu_m, max(2 * request_cpu_m, _round(cpu_m * 1.5, 100)),
        request_mem_mib, limit_mem_mib,
    )  # fmt: skip


def _round(value: float, step: int) -> int:
    return max(step, round(value / step) * step)
