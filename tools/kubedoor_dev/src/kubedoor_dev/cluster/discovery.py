"""What the server tells of itself: versions, groups, resources."""

from __future__ import annotations

from typing import Any

from kubedoor_dev.cluster.errors import no_such_path
from kubedoor_dev.cluster.resources import ALL, Resource, form_of

Json = dict[str, Any]

VERSION = {
    "major": "1",
    "minor": "34",
    "gitVersion": "v1.34.0+simulated",
    "gitCommit": "",
    "gitTreeState": "clean",
    "buildDate": "2025-08-27T00:00:00Z",
    "goVersion": "",
    "compiler": "",
    "platform": "",
}
VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
SUBRESOURCE_VERBS = ["get", "patch", "update"]


def document(path: str) -> Json:
    """Return what a path of discovery serves.

    :raises ApiError: 404, when it is none.
    """
    match path.strip("/").split("/"):
        case ["version"]:
            return dict(VERSION)
        case ["api"]:
            return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []}
        case ["api", "v1"]:
            return _resources("", "v1")
        case ["apis"]:
            groups = [_group(name) for name in _groups()]
            return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}
        case ["apis", group] if group in _groups():
            return {"kind": "APIGroup", "apiVersion": "v1", **_group(group)}
        case ["apis", group, version] if (group, version) in _versions():
            return _resources(group, version)
        case _:
            raise no_such_path()


def _versions() -> list[tuple[str, str]]:
    return sorted({(one.group, one.version) for one in ALL if one.group})


def _groups() -> list[str]:
    return [group for group, _ in _versions()]


def _group(name: str) -> Json:
    versions = [
        {"groupVersion": f"{group}/{version}", "version": version}
        for group, version in _versions()
        if group == name
    ]
    return {"name": name, "versions": versions, "preferredVersion": versions[0]}


def _resources(group: str, version: str) -> Json:
    served = [one for one in ALL if (one.group, one.version) == (group, version)]
    return {
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": f"{group}/{version}" if group else version,
        "resources": [entry for one in served for entry in _entries(one)],
    }


def _entries(resource: Resource) -> list[Json]:
    singular = resource.kind.lower()
    main: Json = {
        "name": resource.plural,
        "singularName": singular,
        "namespaced": resource.namespaced,
        "kind": resource.kind,
        "verbs": VERBS,
    }
    if resource.short_names:
        main["shortNames"] = list(resource.short_names)
    return [main, *(_subresource(resource, name) for name in resource.subresources)]


def _subresource(resource: Resource, name: str) -> Json:
    form = form_of(resource, name)
    return {
        "name": f"{resource.plural}/{name}",
        "singularName": "",
        "namespaced": resource.namespaced,
        "group": form.group,
        "version": form.version,
        "kind": form.kind,
        "verbs": SUBRESOURCE_VERBS,
    }
