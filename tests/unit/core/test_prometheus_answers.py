"""What the client of Prometheus makes of answers: values, and a reason for all that is no whole result."""

from __future__ import annotations

import json
import math
import tracemalloc
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubedoor_core.errors import KubeDoorError
from kubedoor_core.prometheus import (
    Matrix,
    PrometheusError,
    PrometheusUnavailableError,
    QueryTooHeavyError,
)
from kubedoor_core.prometheus.answers import MAX_SERIES, Answer, whole_result
from kubedoor_core.prometheus.results import read_matrix, read_vector, take_points

EMPTY: dict[str, Any] = {"status": "success", "data": {"resultType": "vector", "result": []}}


def matrix(body: bytes) -> Matrix:
    rest, points = take_points(body)
    return read_matrix(orjson.loads(rest)["data"]["result"], points)


def answer(status: int, payload: object, kind: str = "application/json") -> Answer:
    text = payload if isinstance(payload, str) else json.dumps(payload)
    return Answer(status, kind, text.encode())


def refusal(status: int, reason: str) -> Answer:
    return answer(status, {"status": "error", "errorType": "x", "error": reason})


def test_nan_and_infinities_are_left_out_of_vectors_and_nan_in_curves() -> None:
    texts = ("1", "NaN", "+Inf", "-Inf")
    vector = [{"metric": {"a": str(n)}, "value": [1, text]} for n, text in enumerate(texts)]
    assert [sample.value for sample in read_vector(vector)] == [1.0]
    values = [[n, text] for n, text in enumerate((*texts, "1e+06"))]
    body = orjson.dumps({"data": {"result": [{"metric": {"a": "b"}, "values": values}]}})
    (curve,) = matrix(body)
    assert curve.labels == {"a": "b"}
    assert [str(array.dtype) for array in (curve.times, curve.values)] == ["float64", "float64"]
    assert curve.times.tolist() == [0, 1, 2, 3, 4]
    assert np.array_equal(curve.values, [1, math.nan, math.nan, math.nan, 1e6], equal_nan=True)
    assert curve.steps == {0: 1.0, 4: 1e6}


label = st.text(st.characters(blacklist_categories=["Cs"]), max_size=30) | st.sampled_from(
    ['"values":[[1,"2"]]', "values", '\\"values\\":[[1,"2"]]', '"values":0}', "],[["]
)
point = st.tuples(
    st.integers(0, 2**40), st.floats() | st.integers(-(10**30), 10**30) | st.floats(0, 1, width=32)
)
series = st.fixed_dictionaries(
    {"metric": st.dictionaries(label, label, max_size=3), "values": st.lists(point, max_size=5)}
)


def _as_text(value: float) -> str:
    return {math.inf: "+Inf", -math.inf: "-Inf"}.get(value) or ("NaN" if value != value else repr(value))


@given(st.lists(series, max_size=5), st.sampled_from([None, 1]))
def test_any_matrix_comes_back_whatever_its_labels_look_like(
    rows: list[dict[str, Any]], indent: int | None
) -> None:
    sent = [{**row, "values": [[at, _as_text(value)] for at, value in row["values"]]} for row in rows]
    curves = matrix(json.dumps({"data": {"result": sent}}, indent=indent).encode())
    assert [curve.labels for curve in curves] == [row["metric"] for row in rows]
    for curve, row in zip(curves, rows, strict=True):
        assert curve.times.tolist() == [at for at, _ in row["values"]]
        expected = [float(value) if math.isfinite(value) else math.nan for _, value in row["values"]]
        assert np.array_equal(curve.values, expected, equal_nan=True)


def test_a_large_matrix_is_never_held_as_objects() -> None:
    """As lists and texts its points would take some seven times their own length."""
    points = [[1_700_000_000 + 60 * n, repr(math.sqrt(n))] for n in range(90)]
    row = {"metric": {"namespace": "shop", "container": "app"}, "values": points}
    body = orjson.dumps({"status": "success", "data": {"result": [row] * 3000}})
    tracemalloc.start()
    try:
        curves = matrix(body)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (len(curves), len(curves[-1].values)) == (3000, 90)
    assert most < 2 * len(body)


@pytest.mark.parametrize(
    "result",
    [[1], [{}], [{"metric": {}, "value": []}], [{"metric": {}, "value": [1, "x"]}], [{"value": [1, "2"]}]],
)
def test_what_is_no_vector_is_refused(result: list[Any]) -> None:
    with pytest.raises(PrometheusError, match="not a vector"):
        read_vector(result)


@pytest.mark.parametrize(
    "values",
    ["3", "[[1]]", "[1,2]", '[[1,"2"],[3]]', '[[1,"2",3,"4"]]', '[[1,"NaN"],[2]]', '[["NaN"]]', '"x"', "0",
     '[[1,"x"]]', "[[1,]]", '[[1,"-"]]', '[[1,"E"]]'],
)  # fmt: skip
def test_what_is_no_matrix_is_refused(values: str) -> None:
    good = '{"metric":{},"values":[[1,"2"]]}'
    body = f'{{"data":{{"result":[{good},{{"metric":{{}},"values":{values}}}]}}}}'
    with pytest.raises(PrometheusError, match="not a matrix"):
        matrix(body.encode())


def test_a_vector_in_the_place_of_a_matrix_is_refused() -> None:
    with pytest.raises(PrometheusError, match="not a matrix"):
        matrix(b'{"data":{"result":[{"metric":{},"value":[1,"2"]}]}}')


TOO_HEAVY = [
    refusal(422, "query processing would load too many samples into memory"),
    refusal(422, "cannot select more than -search.maxSamplesPerQuery=1000 samples"),
    refusal(503, "query timed out in expression evaluation"),
    refusal(503, "context deadline exceeded"),
    refusal(504, "expanding series: whatever"),
    refusal(413, "no reason"),
    answer(413, "<html>Request Entity Too Large</html>", "text/html"),
    answer(414, "<html>Request-URI Too Large</html>", "text/html"),
    answer(504, "<html>Gateway Time-out</html>", "text/html"),
    answer(422, "the query hit the max number of chunks limit", "text/plain"),
    answer(200, {**EMPTY, "warnings": ["results truncated due to limit"]}),
    answer(200, {**EMPTY, "warnings": ["a node fails", "the series limit was reached"]}),
    answer(200, {"status": "success", "data": {"result": [{}] * (MAX_SERIES + 1)}}),
]


@pytest.mark.parametrize("given_answer", TOO_HEAVY, ids=range(len(TOO_HEAVY)))
def test_what_a_smaller_query_may_mend_is_too_heavy(given_answer: Answer) -> None:
    with pytest.raises(QueryTooHeavyError):
        whole_result(given_answer)


REFUSED: list[tuple[Answer, type[KubeDoorError], str]] = [
    (refusal(400, "parse error"), PrometheusError, "HTTP 400: parse error"),
    (refusal(500, "disk full"), PrometheusError, "HTTP 500: disk full"),
    (refusal(503, "service is starting"), PrometheusUnavailableError, "HTTP 503: service is starting"),
    (refusal(429, "too many outstanding requests"), PrometheusUnavailableError, "HTTP 429"),
    (answer(502, "<html>", "text/html"), PrometheusUnavailableError, "not up: HTTP 502"),
    (answer(401, "no org id", "text/plain"), PrometheusError, "no org id.*KUBEDOOR_PROMETHEUS_HEADERS"),
    (answer(403, "<html>Sign in</html>", "text/html"), PrometheusError, "HTTP 403: Forbidden"),
    (answer(200, "<html>", "text/html"), PrometheusError, "text/html instead of JSON"),
    (answer(200, {**EMPTY, "isPartial": True}), PrometheusError, "partial"),
    (answer(200, {**EMPTY, "warnings": ["a replica is away"]}), PrometheusError, "a replica is away"),
    (answer(200, {**EMPTY, "status": "error"}), PrometheusError, "no reason given"),
    (answer(200, {"status": "success", "data": []}), PrometheusError, "holds no result"),
    (
        Answer(301, "text/html", b"<html>", "https://prometheus.example.org/api/v1/query"),
        PrometheusError,
        "redirected to https://prometheus.example.org",
    ),
]


@pytest.mark.parametrize(("given_answer", "error", "words"), REFUSED, ids=[words for *_, words in REFUSED])
def test_what_no_smaller_query_mends_is_not(
    given_answer: Answer, error: type[KubeDoorError], words: str
) -> None:
    with pytest.raises(error, match=words) as raised:
        whole_result(given_answer)
    assert not isinstance(raised.value, QueryTooHeavyError)
