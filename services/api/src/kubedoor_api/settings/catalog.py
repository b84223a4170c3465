"""Which settings can be stored: what each means, what it takes, and what holds until one is stored."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kubedoor_api.config.environment import names_of
from kubedoor_api.settings.models import Kind, SettingGroup, SettingKey, SettingValue
from kubedoor_core.domain.events import KINDS, wanted
from kubedoor_core.domain.peak import parse_peak_hours
from kubedoor_core.errors import BadValueError
from kubedoor_core.regex import expression

if TYPE_CHECKING:
    from kubedoor_api.config.environment import ApiSettings

Check = Callable[[Any], SettingValue]
MAX_PRICE = 1_000_000
MAX_NAMES = 100


@dataclass(frozen=True)
class Definition:
    """One setting.

    :param check: returns a value as it is to be stored, or says by BadValueError what would be right.
    :param environment: tells what holds while none is stored.
    :param choices: what there is to choose from, where it is a choice.
    """

    key: SettingKey
    group: SettingGroup
    kind: Kind
    description: str
    check: Check
    environment: Callable[[ApiSettings], SettingValue]
    unit: str = ""
    least: float | None = None
    most: float | None = None
    choices: Callable[[ApiSettings], list[str]] = lambda _: []


def _of_the_same_name(key: str) -> Callable[[ApiSettings], SettingValue]:
    return lambda settings: getattr(settings, key)


def _number(
    key: SettingKey,
    group: SettingGroup,
    unit: str,
    description: str,
    least: int,
    most: int,
    *,
    whole: bool = True,
) -> Definition:
    def check(value: Any) -> SettingValue:  # noqa: ANN401 whatever JSON can say
        takes = int if whole else int | float
        if not isinstance(value, takes) or isinstance(value, bool) or not least <= value <= most:
            raise BadValueError(f"{key} is a {'whole ' if whole else ''}number from {least} to {most}")
        return value

    kind: Kind = "integer" if whole else "number"
    return Definition(key, group, kind, description, check, _of_the_same_name(key), unit, least, most)


def _choice(key: SettingKey, group: SettingGroup, description: str, *choices: str) -> Definition:
    def check(value: Any) -> SettingValue:  # noqa: ANN401 whatever JSON can say
        if value not in choices:
            raise BadValueError(f"{key} is {' or '.join(choices)}")
        return str(value)

    among = list(choices)
    return Definition(
        key, group, "choice", description, check, _of_the_same_name(key), choices=lambda _: among
    )


def _text(value: Any) -> str:  # noqa: ANN401 whatever JSON can say
    if not isinstance(value, str):
        raise BadValueError("the value is text")
    return value


def _expression(value: Any) -> str:  # noqa: ANN401 whatever JSON can say
    return expression(_text(value)).text


def _currency(value: Any) -> str:  # noqa: ANN401 whatever JSON can say
    if not re.fullmatch("[A-Z]{3}", _text(value)):
        raise BadValueError("currency is a code of three letters (ISO 4217), such as CNY or EUR")
    return str(value)


def _names(what: str) -> Check:
    def check(value: Any) -> SettingValue:  # noqa: ANN401 whatever JSON can say
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            raise BadValueError(f"the value is a list of {what}")
        if len(value) > MAX_NAMES:
            raise BadValueError(f"at most {MAX_NAMES} {what} can be chosen")
        return sorted(set(value))

    return check


def _kinds(value: Any) -> SettingValue:  # noqa: ANN401 whatever JSON can say
    chosen = _names("kinds of events")(value)
    unknown = [kind for kind in value if kind not in KINDS]
    if unknown:
        raise BadValueError(f"{unknown[0]!r} is no kind of event; there are {', '.join(KINDS)}")
    return chosen


def _addresses(settings: ApiSettings) -> list[str]:
    return names_of(settings.notify_urls.get_secret_value())


CATALOG: tuple[Definition, ...] = (
    Definition(
        "peak_hours", "collection", "text",
        "Daily peak, `HH:MM-HH:MM` in the cluster's time zone; may cross midnight. A second window follows"
        " after `;`, weekdays after a blank: `10:00-11:30 mon-fri; 20:00-22:00 sat,sun`",
        lambda value: str(parse_peak_hours(_text(value))), _of_the_same_name("peak_hours"),
    ),
    Definition(
        "namespaces", "collection", "text",
        "Regular expression (RE2) of the namespaces that are collected and governed",
        _expression, _of_the_same_name("namespaces"),
    ),
    Definition(
        "namespaces_excluded", "collection", "text",
        "Regular expression (RE2) of the namespaces among them that are not; empty: none",
        _expression, _of_the_same_name("namespaces_excluded"),
    ),
    _number("lookback_days", "derivation", "days", "Days among which the peak day is looked for", 1, 366),
    _choice(
        "peak_scope", "derivation",
        "`service`: each service has its own peak day; `fleet`: one day for all, by total cpu",
        "service", "fleet",
    ),
    _number("margin_pct", "derivation", "%", "Added to what was used at peak", 0, 500, whole=False),
    _number(
        "min_change_pct", "derivation", "%",
        "A derived request that would change by less stays as it is", 0, 100, whole=False,
    ),
    _number("floor_cpu_m", "admission", "m", "The least cpu request or limit that is ever set", 0, 100_000),
    _number("floor_mem_mib", "admission", "MiB", "Likewise for memory", 0, 100_000),
    Definition(
        "production_namespaces", "operations", "text",
        "Regular expression (RE2) of the namespaces in which the console wants the number of services typed"
        " before it acts on some",
        _expression, _of_the_same_name("production_namespaces"),
    ),
    _number(
        "price_core_month", "money", "", "What one core costs a month; 0: not known", 0, MAX_PRICE,
        whole=False,
    ),
    _number(
        "price_gib_month", "money", "", "What one GiB of memory costs a month; 0: not known", 0, MAX_PRICE,
        whole=False,
    ),
    Definition(
        "currency", "money", "text", "Currency of the prices, three letters (ISO 4217)",
        _currency, _of_the_same_name("currency"),
    ),
    Definition(
        "notify_kinds", "notifications", "choices", "Kinds of events that the team's chat is told",
        _kinds, lambda settings: wanted(settings.notify_kinds), choices=lambda _: list(KINDS),
    ),
    Definition(
        "notify_to", "notifications", "choices",
        "Names of the addresses that are told; the addresses themselves are in the environment",
        _names("names of addresses"), _addresses, choices=_addresses,
    ),
)  # fmt: skip
"""Every setting, in the order in which they are shown."""
BY_KEY = {definition.key: definition for definition in CATALOG}
