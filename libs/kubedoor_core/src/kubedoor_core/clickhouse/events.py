"""Rows of the table `event`: what people are told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.domain.events import KINDS


def event_row(
    identity: str,
    at: datetime,
    env: str,
    kind: str,
    message: str,
    data: Mapping[str, object],
    *,
    severity: str = "",
    namespace: str = "",
    name: str = "",
    source: Literal["api", "collector"] = "api",
) -> dict[str, str]:
    """Return a row.

    :param identity: the same however often the event is written: it is told once.
    :param severity: where it is not always that of the kind.
    :param namespace: empty where it is about the whole env, as `name` is for what is no service.
    """
    return {
        "id": identity,
        "at": timestamp(at),
        "env": env,
        "namespace": namespace,
        "name": name,
        "kind": kind,
        "severity": severity or KINDS[kind],
        "message": message,
        "data": json.dumps(data, ensure_ascii=False),
        "source": source,
    }
