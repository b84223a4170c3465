"""What holds for the env as a whole: modes, governed namespaces and floors, as they are stored."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from kubedoor_core.domain.admission.container_resources import Floors
from kubedoor_core.domain.admission.decide import Rules
from kubedoor_core.domain.control import Service
from kubedoor_core.domain.mode import Mode, governed, resolve
from kubedoor_core.errors import BadValueError
from kubedoor_core.regex import Expression, expression

V = TypeVar("V")
MAX_FLOOR = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for the env as a whole.

    :param complaints: stored values that can't be taken; in their place stands what the environment says.
    """

    env_mode: Mode | None
    namespace_modes: Mapping[str, Mode]
    namespaces: Expression
    namespaces_excluded: Expression
    own_namespace: str
    rules: Rules
    complaints: tuple[str, ...] = ()

    def mode(self, namespace: str, service: Service | None) -> Mode:
        """Return the mode that holds for a request about a service of a namespace."""
        if not governed(namespace, self.namespaces, self.namespaces_excluded, self.own_namespace):
            return Mode.OFF
        of_service = service.mode if service else None
        return resolve(self.env_mode, self.namespace_modes.get(namespace), of_service)


@dataclass(frozen=True, slots=True)
class Defaults:
    """The policy's values from the environment, where no stored setting overrules them."""

    namespaces: str = ".*"
    namespaces_excluded: str = ""
    own_namespace: str = ""
    floors: Floors = field(default_factory=Floors)


def policy_from_rows(rows: Iterable[Mapping[str, Any]], defaults: Defaults) -> Policy:
    """Read the policy out of rows of `setting`; a stored value wins over the environment.

    One that can't be taken, such as an expression from before RE2, is left out and told: the rest holds.
    """
    stored = {(row["namespace"], row["key"]): row["value"] for row in rows}
    complaints: list[str] = []

    def read(key: str, take: Callable[[Any], V], default: V, namespace: str = "") -> V:
        text = stored.get((namespace, key))
        if text is None:
            return default
        try:
            return take(json.loads(text))
        except (ValueError, TypeError, RecursionError) as error:
            where = f" of namespace {namespace}" if namespace else ""
            complaints.append(f"the stored setting {key}{where} = {str(text)[:200]} is left out: {error}")
            return default

    modes = {name: read("mode", Mode, None, name) for name, key in stored if key == "mode"}
    return Policy(
        env_mode=modes.pop("", None),
        namespace_modes={name: mode for name, mode in modes.items() if mode},
        namespaces=read("namespaces", _expression, expression(defaults.namespaces)),
        namespaces_excluded=read(
            "namespaces_excluded", _expression, expression(defaults.namespaces_excluded)
        ),
        own_namespace=defaults.own_namespace,
        rules=Rules(
            Floors(
                read("floor_cpu_m", _floor, defaults.floors.cpu_m),
                read("floor_mem_mib", _floor, defaults.floors.mem_mib),
            )
        ),
        complaints=tuple(complaints),
    )


def _expression(value: object) -> Expression:
    if not isinstance(value, str):
        raise BadValueError("a text is needed")
    return expression(value)


def _floor(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_FLOOR:
        raise BadValueError(f"a whole number from 0 to {MAX_FLOOR} is needed")
    return value
