"""What is governed, as Kustomize, Helm values and YAML: nothing else, and why something is left out."""

from __future__ import annotations

from typing import Any

import yaml

from kubedoor_api.admission.export import Format, document
from kubedoor_api.admission.policy import Control
from kubedoor_core.domain.admission.decide import Rules
from kubedoor_core.domain.control import ContainerValues, Service
from kubedoor_core.domain.env_policy import AdmissionPolicy
from kubedoor_core.domain.mode import Mode
from kubedoor_core.regex import Expression

Json = Any
EVERYWHERE, NOWHERE = Expression(".*"), Expression("")
POLICY = AdmissionPolicy(None, {}, EVERYWHERE, NOWHERE, "kubedoor", Rules())
CART = Service(
    "shop",
    "cart.eu",
    replicas=3,
    replicas_source="manual",
    containers=(
        ContainerValues("", request_cpu_m=250, limit_cpu_m=0, request_mem_mib=None),
        ContainerValues("mesh", request_cpu_m=50),
        ContainerValues("gone", request_cpu_m=50),
    ),
)


def live(name: str, **spec: Any) -> Json:
    """A Deployment of two containers and two init containers, one of which goes on running."""
    containers = [{"name": "app", "resources": {"limits": {"cpu": "8"}}}, {"name": "other"}]
    init = [{"name": "mesh", "restartPolicy": "Always"}, {"name": "setup"}]
    pod = {"containers": containers, "initContainers": init}
    return {
        "metadata": {"namespace": "shop", "name": name},
        "spec": {"replicas": 9, "template": {"spec": pod}, **spec},
    }


def exported(form: Format, service: Service, *running: Json) -> tuple[list[str], list[Any]]:
    """Return the comments and the documents."""
    control = Control({("shop", service.name): service}, POLICY)
    text = document(form, "prod", "shop", control, list(running))
    return [line for line in text.splitlines() if line[:1] == "#"], list(yaml.safe_load_all(text))


def test_a_patch_holds_what_is_governed_where_it_stands() -> None:
    _, [component] = exported("kustomize", CART, live("cart.eu"))
    [patch] = component["patches"]
    assert patch["target"]["name"] == r"cart\.eu", "a pattern"
    assert yaml.safe_load(patch["patch"])["spec"] == {
        "replicas": 3,
        "template": {
            "spec": {
                "containers": [{"name": "app", "resources": {"requests": {"cpu": "250m"}}}],
                "initContainers": [{"name": "mesh", "resources": {"requests": {"cpu": "50m"}}}],
            }
        },
    }


def test_values_are_by_service() -> None:
    _, [values] = exported("helm", CART, live("cart.eu"))
    assert values == {
        "cart.eu": {
            "replicaCount": 3,
            "resources": {"requests": {"cpu": "250m"}},
            "containers": {"mesh": {"resources": {"requests": {"cpu": "50m"}}}},
        }
    }


def test_a_count_that_an_autoscaler_owns_is_left_out() -> None:
    service = Service("shop", "cart", replicas=3, autoscaled=True, containers=CART.containers)
    _, [made] = exported("yaml", service, live("cart"))
    assert (made["metadata"], "replicas" in made["spec"]) == ({"name": "cart", "namespace": "shop"}, False)


def test_what_is_left_out_is_told_with_the_reason() -> None:
    off = Service("shop", "cart", replicas=3, mode=Mode.OFF)
    broken = live("broken", template={"spec": {"containers": "none"}})
    told, documents = exported("yaml", off, live("cart"), live("new"))
    assert told[1:] == ["# Left out: cart: its mode is off", "# Left out: new: not registered"]
    assert documents == []
    told, _ = exported("helm", Service("shop", "broken", replicas=1), broken)
    assert told[1:] == ["# Left out: broken: spec.template.spec.containers must be a list of containers"]
    told, _ = exported("helm", Service("shop", "cart"), live("other"))
    assert told[1:] == ["# Left out: cart: it does not run", "# Left out: other: not registered"]
    told, _ = exported("helm", Service("shop", "cart"), live("cart"))
    assert told[1:] == ["# Left out: cart: nothing is set for it"]
