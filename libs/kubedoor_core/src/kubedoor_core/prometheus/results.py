"""What a store answers, as values: labels with a number, labels with arrays of times and numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from kubedoor_core.prometheus.errors import PrometheusError

Points = npt.NDArray[np.float64]

VALUES = re.compile(rb'"values"\s*:\s*(\[[][0-9eE+.,"\sNaInf-]*\])')
"""The points of one series. A quote within a JSON string is escaped, so that no label can look like it."""


@dataclass(frozen=True)
class Sample:
    """One series of an instant query; its value is finite."""

    labels: dict[str, str]
    value: float


@dataclass(frozen=True, eq=False)
class Curve:
    """One series of a range query, or the samples themselves of one series.

    :ivar times: seconds since the epoch, rising.
    :ivar values: as many; NaN where the store's value is none or infinite.
    """

    labels: dict[str, str]
    times: npt.NDArray[np.float64]
    values: npt.NDArray[np.float64]

    @property
    def steps(self) -> dict[int, float]:
        """The finite values by their second."""
        known = np.isfinite(self.values)
        return dict(zip(self.times[known].astype(int).tolist(), self.values[known].tolist(), strict=True))


Vector = list[Sample]
Matrix = list[Curve]


def read_vector(result: Iterable[Any]) -> Vector:
    """Read the `result` of an instant query; NaN and infinities are left out.

    :raises PrometheusError: it is not a vector.
    """
    try:
        rows = [Sample(dict(row["metric"]), float(row["value"][1])) for row in result]
    except (TypeError, KeyError, IndexError, ValueError) as error:
        raise PrometheusError(f"the answer is not a vector: {error!r}") from error
    return [row for row in rows if math.isfinite(row.value)]


def take_points(body: bytes | bytearray) -> tuple[bytes, list[Points]]:
    """Cut the points of every series out of a range query's answer, and leave their number in their place.

    A million points as Python objects would take hundreds of MiB: here only one series' are such at a time.

    :return: the answer's remainder, which is JSON; the points of each series, time and value.
    :raises PrometheusError: points that are none.
    """
    found: list[Points] = []

    def take(match: re.Match[bytes]) -> bytes:
        found.append(_points(match[1]))
        return b'"values":%d' % (len(found) - 1)

    try:
        return VALUES.sub(take, body), found
    except (TypeError, ValueError) as error:
        raise PrometheusError(f"the answer is not a matrix: {error!r}") from error


def _points(text: bytes) -> Points:
    try:
        # Flat: a list for each pair would take most of the time.
        flat = orjson.loads(b"[%b]" % text.translate(None, b'"[]'))
        points = np.array(flat, dtype=np.float64)
    except ValueError:  # NaN and infinities, which JSON has as text alone
        points = np.array([float(number) for pair in orjson.loads(text) for number in pair])
        points[~np.isfinite(points)] = np.nan
    if points.size != 2 * (text.count(b"[") - 1):
        raise ValueError("points are pairs of a time and a value")
    return points.reshape(-1, 2)


def read_matrix(result: Iterable[Any], points: Sequence[Points]) -> Matrix:
    """Put the series of a range query together from what `take_points` has taken apart.

    :raises PrometheusError: they are not a matrix.
    """
    try:
        rows = [(dict(row["metric"]), row["values"]) for row in result]
    except (TypeError, KeyError, ValueError) as error:
        raise PrometheusError(f"the answer is not a matrix: {error!r}") from error
    if [number for _, number in rows] != list(range(len(points))):
        raise PrometheusError("the answer is not a matrix: it has series without points")
    return [Curve(labels, some[:, 0], some[:, 1]) for (labels, _), some in zip(rows, points, strict=True)]
