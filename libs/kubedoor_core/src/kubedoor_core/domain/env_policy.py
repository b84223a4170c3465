"""Every setting of an env that can be stored: declared once, and read by one reader in all services.

What is stored in the table `setting` wins over the environment. A stored value that is invalid, such as an
expression from before RE2, changes nothing: the environment's value holds, and a complaint says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Literal, NamedTuple, TypeVar, cast

from kubedoor_core.domain.admission.container_resources import Floors
from kubedoor_core.domain.admission.decide import Rules
from kubedoor_core.domain.admission.limit_range import NO_LIMIT_RANGE, LimitRange
from kubedoor_core.domain.advice_policy import AdvicePolicy
from kubedoor_core.domain.derivation.exceptions import RuleBook, RuleExceptions, parse_exceptions
from kubedoor_core.domain.derivation.rules import (
    HOLD_FALL_TEXT,
    HPA_REQUESTS_TEXT,
    MARGIN_TEXT,
    MEMORY_MARGIN_TEXT,
    MEMORY_RULE_TEXT,
    MEMORY_RULES,
    OWN_PEAK_HOURS_TEXT,
    REQUEST_RULE_TEXT,
    REQUEST_RULES,
    RULE_EXCEPTIONS_TEXT,
    HpaRequests,
    MemoryRule,
    RequestRule,
    Rule,
)
from kubedoor_core.domain.derivation.rules import HPA_REQUESTS as HPA_CHOICES
from kubedoor_core.domain.event_rules import EVENT_RULES_TEXT, EventRules, parse_event_rules
from kubedoor_core.domain.events import KINDS
from kubedoor_core.domain.mode import Mode, governed, resolve
from kubedoor_core.domain.named_numbers import Named, NamedNumber, numbers_of, parse_named
from kubedoor_core.domain.peak import PeakSchedule, parse_peak_hours
from kubedoor_core.domain.prices import Prices
from kubedoor_core.domain.score.policy import ScorePolicy
from kubedoor_core.errors import BadValueError
from kubedoor_core.regex import Expression, expression

V = TypeVar("V")
C = TypeVar("C", bound=str)

SettingKey = Literal[
    "peak_hours",
    "namespaces",
    "namespaces_excluded",
    "lookback_days",
    "request_rule",
    "own_peak_hours",
    "margin_pct",
    "hold_fall_pct",
    "memory_rule",
    "memory_margin_pct",
    "rule_exceptions",
    "hpa_requests",
    "floor_cpu_m",
    "floor_mem_mib",
    "allow_scale_to_zero",
    "price_core_month",
    "price_gib_month",
    "currency",
    "owner_labels",
    "label_columns",
    "production_namespaces",
    "notify_kinds",
    "notify_to",
    "weekly_report",
    "event_rules",
    "alertmanager_url",
    "advice_rules",
    "score_rules",
    "ai_enabled",
    "ai_share",
]
SettingGroup = Literal[
    "collection", "derivation", "admission", "operations", "money", "advice", "labels", "notifications", "ai"
]
SettingKind = Literal["text", "integer", "number", "choice", "choices", "numbers"]
OnOff = Literal["on", "off"]
WeeklyReport = Literal["off", "en", "zh-CN"]
AiShare = Literal["numbers", "names", "names_and_logs"]
Plain = str | int | float | list[str]
"""A value as JSON has it."""
MODE = "mode"
"""The one setting that namespaces have too; it is switched at endpoints of its own."""
RETIRED = {"peak_scope": "request_rule", "min_change_pct": "hold_fall_pct"}
"""Settings of before, by what has taken their place: a stored one is told, and changes nothing."""
MAX_PRICE = 1_000_000
MAX_FLOOR = 100_000
MAX_NAMES = 100
MAX_LABELS = 10
LABEL_KEY = re.compile(
    r"([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
)
SHOWN_CHARS = 200
"""So much of an invalid value a complaint quotes."""
NOTHING = Expression("")
ADVICE_RULES_TEXT = (
    "Numbers that advice on pod counts keeps to, by name, such as `kept_share=0.8 min_replicas=3`; what is"
    " not named stays as docs/advice.md says"
)
SCORE_RULES_TEXT = (
    "Weights and thresholds of the score, by name, such as `weight_cost=20 errors_pct=0.5`; what is not named"
    " stays as docs/score.md says"
)


@dataclass(frozen=True)
class EnvSetting(Generic[V]):
    """One setting.

    :ivar read: returns the value of what JSON can say, or says by BadValueError what would be right.
    :ivar choices: what there is to choose from, where that is always the same.
    :ivar numbers: what can be set by name, where its value is a text of such.
    """

    key: SettingKey
    group: SettingGroup
    kind: SettingKind
    description: str
    read: Callable[[object], V]
    unit: str = ""
    least: int | None = None
    most: int | None = None
    choices: tuple[str, ...] = ()
    numbers: tuple[NamedNumber, ...] = ()


class Complaint(NamedTuple):
    """A stored value that is invalid."""

    namespace: str
    key: str
    value: str
    reason: str

    def __str__(self) -> str:
        """Say it in one line."""
        of = f" of namespace {self.namespace}" if self.namespace else ""
        return f"the stored setting {self.key}{of} = {self.value[:SHOWN_CHARS]} is left out: {self.reason}"


@dataclass(frozen=True)
class EnvPolicy:
    """What holds in an env, so far as a service has asked for it.

    :ivar stored: keys whose stored values hold; those of the others are the environment's.
    :ivar modes: the admission modes by namespace, '' for the whole env; what has none is not among them.
    """

    values: Mapping[str, object]
    stored: frozenset[str]
    modes: Mapping[str, Mode]
    complaints: tuple[Complaint, ...]

    def __getitem__(self, setting: EnvSetting[V]) -> V:
        """Return the value that holds."""
        return cast("V", self.values[setting.key])

    def complaint(self, key: str) -> str | None:
        """Return why the stored value of a key is left out; None where it is not."""
        return next((one.reason for one in self.complaints if (one.namespace, one.key) == ("", key)), None)


@dataclass(frozen=True, slots=True)
class AdmissionPolicy:
    """What of an env's policy admission goes by."""

    env_mode: Mode | None
    namespace_modes: Mapping[str, Mode]
    namespaces: Expression
    namespaces_excluded: Expression
    own_namespace: str
    rules: Rules
    complaints: tuple[Complaint, ...] = ()
    scaled_to_zero: Expression = NOTHING

    def governs(self, namespace: str) -> bool:
        """Tell whether a namespace is governed at all."""
        return governed(namespace, self.namespaces, self.namespaces_excluded, self.own_namespace)

    def rules_of(self, namespace: str, name: str, limit_range: LimitRange | None) -> Rules:
        """Return the rules that hold for one service.

        :param limit_range: what the namespace's LimitRanges allow; None where there are none.
        """
        to_zero = bool(self.scaled_to_zero.text) and self.scaled_to_zero.matches(f"{namespace}/{name}")
        if not to_zero and limit_range is None:
            return self.rules
        return Rules(self.rules.floors, to_zero, limit_range or NO_LIMIT_RANGE)

    def mode(self, namespace: str, of_service: Mode | None) -> Mode:
        """Return the mode that holds for a service of a namespace."""
        if not self.governs(namespace):
            return Mode.OFF
        return resolve(self.env_mode, self.namespace_modes.get(namespace), of_service)


def read_policy(rows: Iterable[tuple[str, str, str]], environment: Mapping[str, object]) -> EnvPolicy:
    """Read the policy of an env.

    :param rows: namespace, key and value, as JSON, of the rows of `setting` that are not deleted.
    :param environment: what holds while nothing is stored, by key; settings without one are not read.
    """
    stored = {(namespace, key): value for namespace, key, value in rows}
    complaints: list[Complaint] = []

    def read(namespace: str, key: str, take: Callable[[object], V], default: V) -> V:
        text = stored.get((namespace, key))
        if text is None:
            return default
        try:
            return take(json.loads(text))
        except (ValueError, TypeError, RecursionError) as error:
            complaints.append(Complaint(namespace, key, text, str(error)))
            return default

    for key, instead in RETIRED.items():
        if (text := stored.get(("", key))) is not None:
            complaints.append(Complaint("", key, text, f"{instead} has taken its place: choose it there"))
    values: dict[str, object] = {
        setting.key: read("", setting.key, setting.read, setting.read(environment[setting.key]))
        for setting in SETTINGS
        if setting.key in environment
    }
    invalid = {one.key for one in complaints}
    modes = {name: read(name, MODE, read_mode, None) for name, key in stored if key == MODE}
    return EnvPolicy(
        values,
        frozenset(key for key in values if ("", key) in stored and key not in invalid),
        {name: mode for name, mode in modes.items() if mode},
        tuple(complaints),
    )


def prices_of(policy: EnvPolicy) -> Prices:
    """Return what cpu and memory cost."""
    return Prices(policy[PRICE_CORE_MONTH], policy[PRICE_GIB_MONTH])


def score_policy(policy: EnvPolicy) -> ScorePolicy:
    """Return how an env's services are scored: by its rules and its prices."""
    return replace(policy[SCORE_RULES].rules, prices=prices_of(policy))


def rule_of(policy: EnvPolicy) -> Rule:
    """Return how requests follow from the daily rows of an env."""
    return Rule(
        request_rule=policy[REQUEST_RULE],
        lookback_days=policy[LOOKBACK_DAYS],
        margin_pct=float(policy[MARGIN_PCT]),
        hold_fall_pct=float(policy[HOLD_FALL_PCT]),
        memory_rule=policy[MEMORY_RULE],
        memory_margin_pct=float(policy[MEMORY_MARGIN_PCT]),
        own_peak_hours=policy[OWN_PEAK_HOURS],
        floor_cpu_m=policy[FLOOR_CPU_M],
        floor_mem_mib=policy[FLOOR_MEM_MIB],
    )


def rules_of(policy: EnvPolicy) -> RuleBook:
    """Return the rule of an env with its exceptions."""
    return RuleBook(rule_of(policy), policy[RULE_EXCEPTIONS])


def environment_of(settings: object) -> dict[str, object]:
    """Return what a service's environment says of the settings that it knows."""
    return {one.key: getattr(settings, one.key) for one in SETTINGS if hasattr(settings, one.key)}


def admission_policy(policy: EnvPolicy, own_namespace: str) -> AdmissionPolicy:
    """Return what admission goes by.

    :param own_namespace: where KubeDoor itself runs, which is never governed.
    """
    return AdmissionPolicy(
        env_mode=policy.modes.get(""),
        namespace_modes={name: mode for name, mode in policy.modes.items() if name},
        namespaces=policy[NAMESPACES],
        namespaces_excluded=policy[NAMESPACES_EXCLUDED],
        own_namespace=own_namespace,
        rules=Rules(Floors(policy[FLOOR_CPU_M], policy[FLOOR_MEM_MIB])),
        complaints=policy.complaints,
        scaled_to_zero=policy[ALLOW_SCALE_TO_ZERO],
    )


def plain(value: object) -> Plain:
    """Return a value as it is stored and shown."""
    if isinstance(value, Expression):
        return value.text
    if isinstance(value, tuple):
        return list(value)
    return value if isinstance(value, int | float) else str(value)


def read_mode(value: object) -> Mode:
    """Read a mode.

    :raises BadValueError: for what is none.
    """
    if not isinstance(value, str) or value not in set(Mode):
        raise BadValueError(f"a mode is {', '.join(Mode)}")
    return Mode(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise BadValueError("the value is text")
    return value


def _expression(value: object) -> Expression:
    return expression(_text(value))


def _currency(value: object) -> str:
    if not re.fullmatch("[A-Z]{3}", _text(value)):
        raise BadValueError("currency is a code of three letters (ISO 4217), such as CNY or EUR")
    return str(value)


@dataclass(frozen=True, slots=True)
class LabelKeys:
    """Keys of labels, the one that goes first first."""

    keys: tuple[str, ...]

    def __str__(self) -> str:
        """Write them as they are read."""
        return ",".join(self.keys)


def parse_label_keys(text: str) -> LabelKeys:
    """Read keys of labels, separated by commas.

    :raises BadValueError: for what is none, and for too many.
    """
    keys = tuple(dict.fromkeys(key.strip() for key in text.split(",") if key.strip()))
    if invalid := [key for key in keys if not LABEL_KEY.fullmatch(key)]:
        raise BadValueError(f"{invalid[0]!r} is no key of a label, such as team or app.kubernetes.io/part-of")
    if len(keys) > MAX_LABELS:
        raise BadValueError(f"at most {MAX_LABELS} keys of labels can be given")
    return LabelKeys(keys)


def _address(value: object) -> str:
    text = _text(value)
    if text and not re.fullmatch(r"https?://[^\s\"'<>]+", text):
        raise BadValueError("the value is an address that begins with http:// or https://, or empty")
    return text


def _names(value: object, what: str) -> tuple[str, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise BadValueError(f"the value is a list of {what}")
    if not all(isinstance(name, str) for name in value):
        raise BadValueError(f"the value is a list of {what}")
    if len(value) > MAX_NAMES:
        raise BadValueError(f"at most {MAX_NAMES} {what} can be chosen")
    return tuple(sorted(set(value)))


def _kinds(value: object) -> tuple[str, ...]:
    chosen = _names(value, "kinds of events")
    if unknown := [kind for kind in chosen if kind not in KINDS]:
        raise BadValueError(f"{unknown[0]!r} is not a kind of event; there are {', '.join(KINDS)}")
    return chosen


def _whole(
    key: SettingKey, group: SettingGroup, unit: str, description: str, least: int, most: int
) -> EnvSetting[int]:
    def read(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise BadValueError(f"{key} is a whole number from {least} to {most}")
        return value

    return EnvSetting(key, group, "integer", description, read, unit, least, most)


def _number(
    key: SettingKey, group: SettingGroup, unit: str, description: str, most: int
) -> EnvSetting[float]:
    def read(value: object) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= most:
            raise BadValueError(f"{key} is a number from 0 to {most}")
        return value

    return EnvSetting(key, group, "number", description, read, unit, 0, most)


def _choice(
    key: SettingKey, choices: tuple[C, ...], description: str, group: SettingGroup = "derivation"
) -> EnvSetting[C]:
    def read(value: object) -> C:
        for choice in choices:
            if value == choice:
                return choice
        raise BadValueError(f"{key} is one of {', '.join(choices)}")

    return EnvSetting(key, group, "choice", description, read, choices=choices)


def _numbers(key: SettingKey, description: str, rules: type[V]) -> EnvSetting[Named[V]]:
    return EnvSetting(
        key, "advice", "numbers", description, lambda value: parse_named(_text(value), rules),
        numbers=numbers_of(rules),
    )  # fmt: skip


PEAK_HOURS: EnvSetting[PeakSchedule] = EnvSetting(
    "peak_hours", "collection", "text",
    "Daily peak, `HH:MM-HH:MM` in the cluster's time zone; may cross midnight. A second window follows"
    " after `;`, weekdays after a blank: `10:00-11:30 mon-fri; 20:00-22:00 sat,sun`",
    lambda value: parse_peak_hours(_text(value)),
)  # fmt: skip
NAMESPACES: EnvSetting[Expression] = EnvSetting(
    "namespaces", "collection", "text",
    "Regular expression (RE2) of the namespaces that are collected and governed", _expression,
)  # fmt: skip
NAMESPACES_EXCLUDED: EnvSetting[Expression] = EnvSetting(
    "namespaces_excluded", "collection", "text",
    "Regular expression (RE2) of the namespaces among them that are not; empty: none", _expression,
)  # fmt: skip
LOOKBACK_DAYS = _whole(
    "lookback_days", "derivation", "days", "Days among which the peak day is looked for", 1, 366
)
REQUEST_RULE: EnvSetting[RequestRule] = _choice("request_rule", REQUEST_RULES, REQUEST_RULE_TEXT)
OWN_PEAK_HOURS = _whole("own_peak_hours", "derivation", "h", OWN_PEAK_HOURS_TEXT, 1, 24)
MARGIN_PCT = _number("margin_pct", "derivation", "%", MARGIN_TEXT, 500)
HOLD_FALL_PCT = _number("hold_fall_pct", "derivation", "%", HOLD_FALL_TEXT, 100)
MEMORY_RULE: EnvSetting[MemoryRule] = _choice("memory_rule", MEMORY_RULES, MEMORY_RULE_TEXT)
MEMORY_MARGIN_PCT = _number("memory_margin_pct", "derivation", "%", MEMORY_MARGIN_TEXT, 500)
RULE_PARTS: tuple[EnvSetting[Any], ...] = (
    REQUEST_RULE, LOOKBACK_DAYS, MARGIN_PCT, HOLD_FALL_PCT, MEMORY_RULE, MEMORY_MARGIN_PCT, OWN_PEAK_HOURS,
)  # fmt: skip
"""What makes a rule, besides the floors."""
RULE_EXCEPTIONS: EnvSetting[RuleExceptions] = EnvSetting(
    "rule_exceptions", "derivation", "text", RULE_EXCEPTIONS_TEXT,
    lambda value: parse_exceptions(_text(value), {one.key: one.read for one in RULE_PARTS}),
)  # fmt: skip
HPA_REQUESTS: EnvSetting[HpaRequests] = _choice("hpa_requests", HPA_CHOICES, HPA_REQUESTS_TEXT)
FLOOR_CPU_M = _whole(
    "floor_cpu_m", "admission", "m", "The least cpu request or limit that is ever set", 0, MAX_FLOOR
)
FLOOR_MEM_MIB = _whole("floor_mem_mib", "admission", "MiB", "Likewise for memory", 0, MAX_FLOOR)
ALLOW_SCALE_TO_ZERO: EnvSetting[Expression] = EnvSetting(
    "allow_scale_to_zero", "admission", "text",
    "Regular expression (RE2) of the services, as `namespace/name`, that KEDA or a down-scaler may scale to"
    " zero and back: `.*` for all, `shop/.*` for those of a namespace; empty: none",
    _expression,
)  # fmt: skip
PRODUCTION_NAMESPACES: EnvSetting[Expression] = EnvSetting(
    "production_namespaces", "operations", "text",
    "Regular expression (RE2) of the namespaces in which the console wants the number of services typed"
    " before it acts on some",
    _expression,
)  # fmt: skip
PRICE_CORE_MONTH = _number(
    "price_core_month", "money", "", "What one core costs a month; 0: not known", MAX_PRICE
)
PRICE_GIB_MONTH = _number(
    "price_gib_month", "money", "", "What one GiB of memory costs a month; 0: not known", MAX_PRICE
)
CURRENCY: EnvSetting[str] = EnvSetting(
    "currency", "money", "text", "Currency of the prices, three letters (ISO 4217)", _currency
)
OWNER_LABELS: EnvSetting[LabelKeys] = EnvSetting(
    "owner_labels", "labels", "text",
    "Keys of the labels that name the team that owns a service, separated by commas: the first that its"
    " Deployment bears holds, else the first that its namespace bears; empty: nobody is told",
    lambda value: parse_label_keys(_text(value)),
)  # fmt: skip
LABEL_COLUMNS: EnvSetting[LabelKeys] = EnvSetting(
    "label_columns", "labels", "text",
    "Keys of further labels of Deployments that the console has columns and groups for, separated by commas",
    lambda value: parse_label_keys(_text(value)),
)  # fmt: skip
NOTIFY_KINDS: EnvSetting[tuple[str, ...]] = EnvSetting(
    "notify_kinds", "notifications", "choices", "Kinds of events that the team's chat is told",
    _kinds, choices=tuple(KINDS),
)  # fmt: skip
NOTIFY_TO: EnvSetting[tuple[str, ...]] = EnvSetting(
    "notify_to", "notifications", "choices",
    "Names of the addresses that are told; the addresses themselves are in the environment",
    lambda value: _names(value, "names of addresses"),
)  # fmt: skip
WEEKLY_REPORT: EnvSetting[WeeklyReport] = _choice(
    "weekly_report",
    ("off", "en", "zh-CN"),
    "In which language the team is told each Monday at 8 what the week before asked for and used; `off`: it"
    " is not",
    "notifications",
)
EVENT_RULES: EnvSetting[EventRules] = EnvSetting(
    "event_rules", "notifications", "text", EVENT_RULES_TEXT, lambda value: parse_event_rules(_text(value))
)
ALERTMANAGER_URL: EnvSetting[str] = EnvSetting(
    "alertmanager_url", "notifications", "text",
    "Where people find Alertmanager, to silence alerts, `https://...`; empty: nowhere", _address,
)  # fmt: skip
ADVICE_RULES = _numbers("advice_rules", ADVICE_RULES_TEXT, AdvicePolicy)
SCORE_RULES = _numbers("score_rules", SCORE_RULES_TEXT, ScorePolicy)
AI_ENABLED: EnvSetting[OnOff] = _choice(
    "ai_enabled",
    ("on", "off"),
    "Whether the model may be asked for explanations, where one is configured",
    "ai",
)
AI_SHARE: EnvSetting[AiShare] = _choice(
    "ai_share",
    ("numbers", "names", "names_and_logs"),
    "What the model is sent of a service: `numbers` (names become svc-01), `names`, or `names_and_logs`."
    " Secrets and personal data are taken out of all of it",
    "ai",
)

SETTINGS: tuple[EnvSetting[Any], ...] = (
    PEAK_HOURS, NAMESPACES, NAMESPACES_EXCLUDED, LOOKBACK_DAYS, REQUEST_RULE, OWN_PEAK_HOURS, MARGIN_PCT,
    HOLD_FALL_PCT, MEMORY_RULE, MEMORY_MARGIN_PCT, RULE_EXCEPTIONS, HPA_REQUESTS, FLOOR_CPU_M,
    FLOOR_MEM_MIB, ALLOW_SCALE_TO_ZERO, PRODUCTION_NAMESPACES, PRICE_CORE_MONTH, PRICE_GIB_MONTH,
    CURRENCY, OWNER_LABELS, LABEL_COLUMNS, NOTIFY_KINDS, NOTIFY_TO, WEEKLY_REPORT,
    EVENT_RULES, ALERTMANAGER_URL, ADVICE_RULES, SCORE_RULES, AI_ENABLED, AI_SHARE,
)  # fmt: skip
"""Every setting that the console shows, in the order in which it does."""
BY_KEY = {setting.key: setting for setting in SETTINGS}
