"""Writes series as OpenMetrics text (for promtool) and as VictoriaMetrics' import lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from kubedoor_dev.metrics.model import Labels, Series


def write_openmetrics(series: Iterable[Series], path: Path) -> int:
    """Write a file that `promtool tsdb create-blocks-from openmetrics` reads; return how many samples."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for one in series:
            file.write(_lines(one))
            count += one.times_ms.size
        file.write("# EOF\n")
    return count


def import_lines(series: Iterable[Series]) -> Iterator[bytes]:
    """Yield lines for VictoriaMetrics' `/api/v1/import`."""
    for one in series:
        if one.times_ms.size:
            line = {"metric": one.labels, "values": one.values.tolist(), "timestamps": one.times_ms.tolist()}
            yield json.dumps(line).encode() + b"\n"


def _lines(series: Series) -> str:
    prefix = _selector(series.labels)
    return "".join(
        f"{prefix} {value!r} {ms // 1000}.{ms % 1000:03}\n"
        for ms, value in zip(series.times_ms.tolist(), series.values.tolist(), strict=True)
    )


def _selector(labels: Labels) -> str:
    pairs = ",".join(f'{key}="{_escape(value)}"' for key, value in labels.items() if key != "__name__")
    return f"{labels['__name__']}{{{pairs}}}"


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
