"""What a store answers, as values: labels with a number, labels with arrays of times and numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from kubedoor_core.prometheus.errors import PrometheusError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Span = tuple[int, int]
"""Where the points of one series begin and end in an answer."""

VALUES = re.compile(rb'"values"\s*:\s*(\[[][0-9eE+.,"\sNaInf-]*\])')
"""The points of one series. A quote within a JSON string is escaped, so that no label can look like it."""
BATCH_BYTES = 64 << 10
"""Of an answer whose points are read at once: short series together, and few enough numbers for the cache."""


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
    times: Floats
    values: Floats

    @property
    def steps(self) -> dict[int, float]:
        """The finite values by their second."""
        known = np.isfinite(self.values)
        return dict(zip(self.times[known].astype(int).tolist(), self.values[known].tolist(), strict=True))


@dataclass(frozen=True, eq=False)
class Points:
    """The points of some series, one after the other.

    :ivar starts: where each series begins, and the end: one more than there are series.
    :ivar times: seconds since the epoch, rising in each series.
    :ivar values: as many; NaN where the store's value is none or infinite.
    """

    starts: Ints
    times: Floats
    values: Floats


@dataclass(frozen=True, eq=False)
class Matrix(Points):
    """The series of a range query, or the samples themselves of some series."""

    labels: tuple[dict[str, str], ...]

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> Curve:
        number = range(len(self))[index]
        part = slice(self.starts[number], self.starts[number + 1])
        return Curve(self.labels[number], self.times[part], self.values[part])

    def __iter__(self) -> Iterator[Curve]:
        return (self[index] for index in range(len(self)))


Vector = list[Sample]


def read_vector(result: Iterable[Any]) -> Vector:
    """Read the `result` of an instant query; NaN and infinities are left out.

    :raises PrometheusError: it is not a vector.
    """
    try:
        rows = [Sample(dict(row["metric"]), float(row["value"][1])) for row in result]
    except (TypeError, KeyError, IndexError, ValueError) as error:
        raise PrometheusError(f"the answer is not a vector: {error!r}") from error
    return [row for row in rows if math.isfinite(row.value)]


def take_points(body: bytes | bytearray) -> tuple[bytes, Points]:
    """Cut the points of every series out of a range query's answer, and leave a 0 in their place.

    A million points as Python objects would take hundreds of MiB: here only one batch's are such at a time.

    :return: the answer's remainder, which is JSON, and the points of all its series.
    :raises PrometheusError: points that are none.
    """
    spans = [match.span(1) for match in VALUES.finditer(body)]
    ends, begins = [0, *(end for _, end in spans)], [*(begin for begin, _ in spans), len(body)]
    remainder = b"0".join([body[end:begin] for end, begin in zip(ends, begins, strict=True)])
    batches = [list(some) for _, some in groupby(spans, lambda span: span[0] // BATCH_BYTES)]
    try:
        read = [_batch(body, some) for some in batches]
    except (TypeError, ValueError) as error:
        raise PrometheusError(f"the answer is not a matrix: {error!r}") from error
    pairs = np.concatenate([np.empty((0, 2)), *(some for some, _ in read)])
    counts = [count for _, some in read for count in some]
    starts = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    return remainder, Points(starts, pairs[:, 0].copy(), pairs[:, 1].copy())


def _batch(body: bytes | bytearray, spans: Sequence[Span]) -> tuple[Floats, list[int]]:
    """Return the pairs of some series, one after the other, and how many each has.

    :raises ValueError: they are no pairs of numbers.
    """
    texts = [body[begin:end] for begin, end in spans]
    counts = [text.count(b"[") - 1 for text in texts]
    pairs = [text.count(b",") == max(0, 2 * count - 1) for text, count in zip(texts, counts, strict=True)]
    text = b",".join([text for text, count in zip(texts, counts, strict=True) if count])
    try:
        # Flat: a list for each pair would take most of the time.
        numbers = np.array(orjson.loads(b"[%b]" % text.translate(None, b'"[]')), dtype=np.float64)
    except ValueError:  # NaN and infinities, which JSON has as text alone
        series = orjson.loads(b"[%b]" % text)
        numbers = np.array([float(number) for pairs in series for pair in pairs for number in pair])
        numbers[~np.isfinite(numbers)] = np.nan
    if not all(pairs) or numbers.size != 2 * sum(counts):
        raise ValueError("points are pairs of a time and a value")
    return numbers.reshape(-1, 2), counts


def read_matrix(result: Sequence[Any], points: Points) -> Matrix:
    """Put the series of a range query together from what `take_points` has taken apart.

    :raises PrometheusError: they are not a matrix.
    """
    try:
        labels = tuple(row["metric"] for row in result)
        taken = all(row["values"] == 0 for row in result) and all(isinstance(one, dict) for one in labels)
    except (TypeError, KeyError) as error:
        raise PrometheusError(f"the answer is not a matrix: {error!r}") from error
    if not taken or len(labels) != points.starts.size - 1:
        raise PrometheusError("the answer is not a matrix: it has series without points")
    return Matrix(points.starts, points.times, points.values, labels)
