"""What stands at the edge of the server: paths, warnings, denials, faults, the record of calls."""

from __future__ import annotations

from typing import Any

import pytest

from kubedoor_dev.cluster import faults, routes, warnings
from kubedoor_dev.cluster.__main__ import service
from kubedoor_dev.cluster.admission import decoded_patch, denial, verified
from kubedoor_dev.cluster.calls import Call, Calls
from kubedoor_dev.cluster.errors import ApiError
from kubedoor_dev.cluster.faults import Fault, Faults
from kubedoor_dev.cluster.routes import Route
from kubedoor_dev.cluster.webhook_client import Address, CallError

PATHS: dict[str, Route | None] = {
    "/api/v1/namespaces": Route("", "v1", "namespaces"),
    "/api/v1/namespaces/shop": Route("", "v1", "namespaces", None, "shop"),
    "/api/v1/namespaces/shop/pods": Route("", "v1", "pods", "shop"),
    "/api/v1/pods": Route("", "v1", "pods"),
    "/apis/apps/v1/deployments": Route("apps", "v1", "deployments"),
    "/apis/apps/v1/namespaces/shop/deployments/web": Route("apps", "v1", "deployments", "shop", "web"),
    "/apis/apps/v1/namespaces/shop/deployments/web/scale": Route(
        "apps", "v1", "deployments", "shop", "web", "scale"
    ),
    "/apis/apps/v1": None,
    "/api": None,
    "/": None,
    "/apis/apps/v1/namespaces/shop/deployments/web/scale/x": None,
}


@pytest.mark.parametrize(("path", "route"), PATHS.items())
def test_paths(path: str, route: Route | None) -> None:
    assert routes.parse(path) == route


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/secrets", "/apis/apps/v1beta1/deployments", "/api/v1/namespaces/shop/nodes",
        "/apis/apps/v1/deployments/web", "/apis/apps/v1/namespaces/shop/deployments/web/rollback",
    ],
)  # fmt: skip
def test_what_is_not_served(path: str) -> None:
    route = routes.parse(path)
    assert route is not None
    with pytest.raises(ApiError) as error:
        route.target()
    assert error.value.code == 404


@pytest.mark.parametrize(
    ("method", "name", "query", "verb"),
    [
        ("GET", "", {}, "list"), ("GET", "", {"watch": "true"}, "watch"), ("GET", "web", {}, "get"),
        ("POST", "", {}, "create"), ("PUT", "web", {}, "update"), ("PATCH", "web", {}, "patch"),
        ("DELETE", "web", {}, "delete"), ("DELETE", "", {}, "deletecollection"),
    ],
)  # fmt: skip
def test_verbs_are_rbacs(method: str, name: str, query: dict[str, str], verb: str) -> None:
    assert Route("apps", "v1", "deployments", "shop", name).verb(method, query) == verb


def test_warnings_are_quoted_once_each_and_without_control_characters() -> None:
    texts = ['say "hi"', 'say "hi"', "", "two\nlines", "back\\slash"]
    assert warnings.headers(texts) == [r'299 - "say \"hi\""', r'299 - "back\\slash"']


def test_warnings_are_cut_when_there_are_many() -> None:
    assert warnings.headers(["a" * 4096]) == [f'299 - "{"a" * 4096}"']
    long = [f"{number:04}" + "x" * 396 for number in range(20)]
    cut = warnings.headers(long)
    assert len(cut) == 16
    assert all(len(one) == len('299 - ""') + 256 for one in cut)


@pytest.mark.parametrize(
    ("status", "code", "reason", "message"),
    [
        (None, 400, "", "denied the request without explanation"),
        ({"message": "no"}, 400, "", "denied the request: no"),
        ({"code": 200, "message": "no"}, 400, "", "denied the request: no"),
        ({"code": 403, "reason": "Forbidden"}, 403, "Forbidden", "denied the request: Forbidden"),
    ],
)
def test_denials(status: Any, code: int, reason: str, message: str) -> None:
    error = denial("a.b.c", status)
    assert (error.code, error.reason) == (code, reason)
    assert error.message == f'admission webhook "a.b.c" {message}'
    assert error.status.get("reason", "") == reason


def answer(**response: Any) -> dict[str, Any]:
    return {
        "apiVersion": "admission.k8s.io/v1",
        "kind": "AdmissionReview",
        "response": {"uid": "1", "allowed": True, **response},
    }


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({}, "expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview"),
        ({**answer(), "apiVersion": "admission.k8s.io/v1beta1"}, "got admission.k8s.io/v1beta1"),
        ({**answer(), "response": None}, "webhook response was absent"),
        (answer(uid="2"), 'expected response.uid="1", got "2"'),
        (answer(allowed="yes"), "not a boolean"),
        (answer(patch="W10="), "response.patch but not response.patchType"),
        (answer(patchType="JSONPatch"), "response.patchType but not response.patch"),
        (answer(patch="W10=", patchType="MergePatch"), "invalid response.patchType"),
    ],
)
def test_answers_that_are_none(wrong: dict[str, Any], why: str) -> None:
    with pytest.raises(CallError, match="received invalid webhook response") as error:
        verified(wrong, "1")
    assert why in str(error.value)


def test_an_answer_without_a_decision_is_a_denial() -> None:
    missing = answer()
    del missing["response"]["allowed"]
    assert verified(missing, "1")["allowed"] is False


def test_patches_are_base64_of_a_list() -> None:
    assert decoded_patch({"patch": "W10="}) == []
    with pytest.raises(CallError, match="undecodable patch"):
        decoded_patch({"patch": "e30="})
    for wrong, byte in (("!", 0), ("e30", 0), ("W1!=", 2)):
        with pytest.raises(CallError, match=f"illegal base64 data at input byte {byte}"):
            decoded_patch({"patch": wrong})


def test_services_are_looked_up() -> None:
    services = {"kubedoor/webhook:443": "127.0.0.1:8443"}
    service = {"namespace": "kubedoor", "name": "webhook", "path": "mutate", "port": 443}
    address = Address.of({"service": service}, services)
    assert address.url == "https://127.0.0.1:8443/mutate"
    assert address.server_name == "webhook.kubedoor.svc"
    assert address.with_timeout(7) == (
        "https://127.0.0.1:8443/mutate?timeout=7s",
        "https://webhook.kubedoor.svc:443/mutate?timeout=7s",
    )
    with pytest.raises(CallError, match='service "webhook" not found'):
        Address.of({"service": service}, {})


def test_services_on_the_command_line() -> None:
    assert service("kubedoor/webhook:443=127.0.0.1:8443") == ("kubedoor/webhook:443", "127.0.0.1:8443")


def test_faults_happen_in_order_and_so_often() -> None:
    ordered = Faults()
    first = ordered.add(Fault(method="PATCH", path="/scale$", status=409, count=2))
    second = ordered.add(Fault(path="/deployments/", status=500, count=None))
    path = "/apis/apps/v1/namespaces/shop/deployments/web/scale"
    assert [ordered.take("PATCH", path) for _ in range(3)] == [first, first, second]
    assert ordered.take("GET", path) is second
    assert ordered.take("GET", "/api/v1/pods") is None
    assert (first.hits, second.hits) == (2, 2)
    ordered.clear()
    assert ordered.take("GET", path) is None


def test_a_fault_says_its_status() -> None:
    error = Fault(status=429, retry_after_s=3).error()
    assert error is not None
    assert (error.status["reason"], error.retry_after_s) == ("TooManyRequests", 3)
    assert error.status["details"] == {"retryAfterSeconds": 3}
    assert Fault(delay_s=1).error() is None


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ([], "a fault is an object"), ({"code": 500}, "unknown field code"),
        ({"status": "500"}, "status cannot be '500'"), ({"path": "("}, "path is no regular expression"),
    ],
)  # fmt: skip
def test_what_is_no_fault(body: Any, why: str) -> None:
    with pytest.raises(ApiError) as error:
        faults.read(body)
    assert why in error.value.message


def test_calls_are_found_by_their_fields() -> None:
    calls = Calls()
    calls.add(Call("PATCH", "/x", "", "patch", "apps", "deployments/scale", "shop", "web", "me", "py"))
    calls.add(Call("GET", "/version", "", "get", "", "", None, "", "me", "py"))
    assert [call.name for call in calls.of(verb="patch", namespace="shop")] == ["web"]
    assert calls.used() == {("apps", "deployments/scale", "patch")}
    assert len(calls) == 2
    calls.clear()
    assert list(calls) == []
