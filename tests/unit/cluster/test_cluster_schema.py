"""Objects are read as their Go types: what is refused, dropped, kept, and how it is written."""

from __future__ import annotations

from typing import Any

import pytest

from kubedoor_dev.cluster.attributes import Context
from kubedoor_dev.cluster.errors import ApiError
from kubedoor_dev.cluster.reading import read
from kubedoor_dev.cluster.resources import DEPLOYMENTS, LEASES
from kubedoor_dev.cluster.schema import DecodeError, decode
from unit.cluster.manifests import Json, deployment, with_resources


def container(**fields: Any) -> Json:
    made = deployment()
    made["spec"]["template"]["spec"]["containers"][0] |= fields
    read, _ = decode("V1Deployment", made)
    found: Json = read["spec"]["template"]["spec"]["containers"][0]
    return found


SPEC = "Go struct field DeploymentSpec.spec"
WRONG: list[tuple[Json, str]] = [
    (deployment(replicas="3"), f"cannot unmarshal string into {SPEC}.replicas of type int32"),
    (deployment(replicas=2.5), f"cannot unmarshal number 2.5 into {SPEC}.replicas of type int32"),
    (deployment(replicas=3_000_000_000), "cannot unmarshal number 3000000000 into .* of type int32"),
    (deployment(replicas=True), "cannot unmarshal bool into .* of type int32"),
    (deployment(paused="yes"), f"cannot unmarshal string into {SPEC}.paused of type bool"),
    (deployment(template=[]), r"cannot unmarshal array into .* of type v1.PodTemplateSpec"),
    (
        {"metadata": {"labels": {"a": 1}}},
        "cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string",
    ),
    ({"metadata": {"labels": []}}, r"of type map\[string\]string"),
    ({"metadata": {"finalizers": "x"}}, r"of type \[\]string"),
    ({"metadata": {"creationTimestamp": "yesterday"}}, "parsing time"),
    (with_resources({"requests": {"cpu": "a lot"}}), "quantities must match the regular expression"),
    (with_resources({"requests": {"cpu": {}}}), "quantities must be strings or numbers"),
    (with_resources({"limits": {"memory": "1GiB"}}), "quantities must match"),
]


@pytest.mark.parametrize(("obj", "why"), WRONG, ids=[why[:60] for _, why in WRONG])
def test_what_is_no_deployment_is_refused(obj: Json, why: str) -> None:
    with pytest.raises(DecodeError, match=why):
        decode("V1Deployment", obj)


@pytest.mark.parametrize("value", [[], "text", 1, True])
def test_what_is_no_object_is_refused(value: Any) -> None:
    with pytest.raises(DecodeError, match=r"into Go value of type v1\.Deployment"):
        decode("V1Deployment", value)


def test_quantities_are_canonical_and_numbers_are_quantities() -> None:
    given = {
        "limits": {"cpu": 1, "memory": "1024Mi", "nvidia.com/gpu": "1"},
        "requests": {"cpu": 0.5, "memory": 1e9},
    }
    assert container(resources=given)["resources"] == {
        "limits": {"cpu": "1", "memory": "1Gi", "nvidia.com/gpu": "1"},
        "requests": {"cpu": "500m", "memory": "1G"},
    }


def test_quantities_finer_than_a_thousandth_are_rounded_up() -> None:
    assert container(resources={"limits": {"cpu": "0.1m"}})["resources"] == {"limits": {"cpu": "1m"}}


def test_a_container_always_has_resources() -> None:
    assert container()["resources"] == {}
    assert container(resources=None)["resources"] == {}
    assert container(resources={"limits": {}, "requests": None})["resources"] == {}


def test_what_go_leaves_out_is_left_out() -> None:
    read = container(tty=False, stdin=None, env=[], args=[], workingDir="", envFrom=None)
    assert read.keys() == {"name", "image", "resources"}


def test_pointers_stay() -> None:
    read = container(securityContext={"readOnlyRootFilesystem": False}, env=[{"name": "A", "value": ""}])
    assert read["securityContext"] == {"readOnlyRootFilesystem": False}
    assert read["env"] == [{"name": "A"}]


def test_unknown_fields_are_dropped_and_told_with_their_place() -> None:
    made = deployment(replcas=3)
    made["spec"]["template"]["spec"]["containers"][0]["imagee"] = "x"
    read, unknown = decode("V1Deployment", made)
    assert "replcas" not in read["spec"]
    assert set(unknown) == {
        'unknown field "spec.replcas"',
        'unknown field "spec.template.spec.containers[0].imagee"',
    }


def test_unknown_fields_are_a_warning_an_error_or_nothing() -> None:
    warn, ignore = Context(), Context(field_validation="Ignore")
    read(DEPLOYMENTS, "", deployment(replcas=3), warn)
    read(DEPLOYMENTS, "", deployment(replcas=3), ignore)
    assert warn.warnings == ['unknown field "spec.replcas"']
    assert ignore.warnings == []
    with pytest.raises(ApiError, match=r'strict decoding error: unknown field "spec\.replcas"') as error:
        read(DEPLOYMENTS, "", deployment(replcas=3), Context(field_validation="Strict"))
    assert error.value.code == 400


def test_another_kind_is_refused() -> None:
    for resource, made, why in (
        (LEASES, deployment(), "cannot be handled as a Lease"),
        (DEPLOYMENTS, {**deployment(), "apiVersion": "apps/v1beta1"}, r"expected API version \(apps/v1\)"),
    ):
        with pytest.raises(ApiError, match=why) as error:
            read(resource, "", made)
        assert error.value.code == 400


def test_kind_and_version_are_filled_in() -> None:
    made = deployment()
    del made["kind"], made["apiVersion"]
    obj = read(DEPLOYMENTS, "", made)
    assert (obj["kind"], obj["apiVersion"]) == ("Deployment", "apps/v1")


def test_a_scale_without_replicas_means_zero_and_says_nothing() -> None:
    scale = read(DEPLOYMENTS, "scale", {"spec": {"replicas": 0}})
    assert scale["spec"] == {}
    assert scale["status"] == {"replicas": 0}
    assert (scale["kind"], scale["apiVersion"]) == ("Scale", "autoscaling/v1")


def test_times_are_utc_to_the_second_or_the_microsecond() -> None:
    spec = {"renewTime": "2026-03-01T12:00:00.123456+08:00", "holderIdentity": ""}
    lease, _ = decode("V1Lease", {"metadata": {"creationTimestamp": "2026-03-01T12:00:00.9Z"}, "spec": spec})
    assert lease["metadata"]["creationTimestamp"] == "2026-03-01T12:00:00Z"
    assert lease["spec"] == {"renewTime": "2026-03-01T04:00:00.123456Z", "holderIdentity": ""}


def test_reading_twice_is_reading_once() -> None:
    once = read(DEPLOYMENTS, "", with_resources({"limits": {"cpu": "0.5"}}))
    assert read(DEPLOYMENTS, "", once) == once


def test_bytes_are_base64() -> None:
    with pytest.raises(DecodeError, match="illegal base64 data"):
        decode("AdmissionregistrationV1WebhookClientConfig", {"caBundle": "not base64!"})
