"""Hypothesis strategies: control rows, Deployments as people write them, and reviews gone wrong."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

from kubedoor_core.domain.control import ContainerValues, ReplicasSource, Service
from support.reviews import Json, container, deployment, review, scale

NAMES = st.sampled_from(["app", "proxy", "log", "mesh", "a~b", "c/d", "e'f", 'g"h', ""])
QUANTITIES = st.sampled_from(
    ["0", "1", "250m", "0.1", "1e3", "2", "1Gi", "512Mi", "1G", "128974848", "129e6", "100", "5Gi", 1, 0.5]
)
COUNTS = st.one_of(st.none(), st.integers(0, 100_000))
MIB = st.one_of(st.none(), st.integers(0, 1 << 20))
EXTRA = st.sampled_from([{}, {"ephemeral-storage": "1Gi"}, {"nvidia.com/gpu": "1"}])

SOURCES: st.SearchStrategy[ReplicasSource] = st.sampled_from(["manual", "ai", "observed"])
VALUES = st.builds(ContainerValues, NAMES, COUNTS, COUNTS, MIB, MIB)


@st.composite
def services(draw: st.DrawFn) -> Service:
    """A row of the control table."""
    rows = draw(st.lists(VALUES, max_size=4, unique_by=lambda row: row.name))
    replicas = draw(COUNTS)
    source = None if replicas is None else draw(SOURCES)
    return Service("shop", "checkout", replicas, source, draw(st.booleans()), None, tuple(rows))


@st.composite
def resources(draw: st.DrawFn) -> Json | None:
    """A container's resources, whole or in parts."""
    if draw(st.booleans()):
        return draw(st.sampled_from([None, {}, {"requests": None}, {"limits": {}}]))
    of = st.dictionaries(st.sampled_from(["cpu", "memory"]), QUANTITIES)
    made: Json = {
        kind: {**draw(of), **draw(EXTRA)} for kind in draw(st.sets(st.sampled_from(["requests", "limits"])))
    }
    return made


@st.composite
def deployments(draw: st.DrawFn) -> Json:
    """A Deployment."""
    names = draw(st.lists(NAMES.filter(bool), min_size=1, max_size=4, unique=True))
    made = [container(name, draw(resources())) for name in names]
    inits = [container(f"init-{name}", draw(resources()), restartPolicy="Always") for name in names[:1]]
    pod: Json = {"initContainers": inits} if draw(st.booleans()) else {}
    if draw(st.integers(0, 4)) == 0:
        pod["resources"] = draw(resources())
    return deployment(*made, replicas=draw(st.one_of(st.none(), st.integers(0, 500))), **pod)


@st.composite
def reviews(draw: st.DrawFn) -> Json:
    """A review as the API server sends it."""
    match draw(st.integers(0, 3)):
        case 0:
            return review(draw(deployments()))
        case 1:
            return review(draw(deployments()), draw(deployments()))
        case 2:
            return review(scale(draw(COUNTS)), scale(draw(COUNTS)), subresource="scale")
        case _:
            obj = draw(deployments())
            other = copy.deepcopy(obj)
            other["spec"]["replicas"] = draw(st.integers(0, 9))
            return review(other, obj)


JSON: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8), QUANTITIES
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
