"""The API's settings."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal, get_args

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import Field, SecretStr, field_validator, model_validator

from kubedoor_api.config.ai import AiSettings
from kubedoor_api.config.files import FilesSettings
from kubedoor_api.web.fields import CLUSTER
from kubedoor_core.domain.env_policy import (
    ADVICE_RULES,
    MAX_PRICE,
    SCORE_RULES,
    parse_label_keys,
)
from kubedoor_core.domain.event_rules import EVENT_RULES_TEXT, parse_event_rules
from kubedoor_core.metrics.settings import CountersSettings
from kubedoor_core.mutate_settings import MutateSettings
from kubedoor_core.peak_settings import PeakSettings
from kubedoor_core.prometheus.settings import PrometheusSettings
from kubedoor_core.settings import HttpUrl, Regex

GRAFANA_PATH = "/grafana/"
PodActionGroup = Literal["logs", "delete", "isolate", "diagnose", "toolbox", "exec"]
POD_ACTION_GROUPS: tuple[PodActionGroup, ...] = get_args(PodActionGroup)
"""Actions on pods, each with rights of its own in the cluster (`podActions` of the chart)."""


def private_key(pem: str) -> EllipticCurvePrivateKey:
    """Read a key.

    :raises ValueError: it is none, or of another kind.
    """
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise ValueError("is no private key (PEM, without a password)") from error
    if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1):
        return key
    raise ValueError("must be an EC key on P-256: openssl ecparam -name prime256v1 -genkey -noout")


_NAMED = re.compile(r"([A-Za-z0-9][\w.-]*)=(\S+)")


@dataclass(frozen=True)
class Address:
    """An address of Apprise's, and its name."""

    name: str
    url: str


def addresses_of(text: str) -> list[Address]:
    """Read addresses that blanks separate: `name=url`, or a plain one, which its scheme names.

    Of several with the same name, the second is `-2`, and so on.
    """
    seen: Counter[str] = Counter()
    found: list[Address] = []
    for word in text.split():
        named = _NAMED.fullmatch(word)
        name, url = named.groups() if named else (word.partition("://")[0][:40], word)
        seen[name] += 1
        found.append(Address(name if seen[name] == 1 else f"{name}-{seen[name]}", url))
    return found


def names_of(text: str) -> list[str]:
    """Return the names alone."""
    return [address.name for address in addresses_of(text)]


MIN_SECRET_LENGTH = 32


class ApiSettings(
    PeakSettings, PrometheusSettings, CountersSettings, MutateSettings, AiSettings, FilesSettings
):
    """What the API needs besides what every service does."""

    auth_mode: Literal["basic", "ldap"] = Field(
        "basic", description="Where users are looked up: `basic` (htpasswd file) or `ldap`"
    )
    htpasswd_file: str = Field("", description="htpasswd file (bcrypt, apr1, SHA crypt), for AUTH_MODE=basic")
    roles_file: str = Field(
        "",
        description="YAML or JSON: which user or group has which role, and where; without it every user of"
        " the htpasswd file is an administrator",
    )
    jwt_secret: SecretStr = Field(
        description="Signs the tokens between nginx and the API: 32 characters or more; several,"
        " separated by commas, for rotation: the first signs, all are believed"
    )
    proxy_secret: SecretStr = Field(
        SecretStr(""),
        description="What nginx shows, so that the api believes the addresses that it tells: 32 characters or"
        " more, letters and digits; without one everybody counts as nginx's own address",
    )
    token_lifetime_s: int = Field(300, ge=10, le=3600, description="Seconds that a token is valid")
    api_token_days: int = Field(
        90, ge=1, le=3660, description="Days that an API token lives where nothing else is said"
    )
    api_token_max_days: int = Field(
        366, ge=1, le=3660, description="Most days that an API token lives, those that were made earlier too"
    )
    credential_cache_s: int = Field(
        60, ge=0, le=3600, description="Seconds that checked credentials are remembered; 0: never"
    )
    ldap_url: str = Field("", pattern=r"^(|ldaps?://\S+)$", description="Directory: ldaps:// or ldap://")
    ldap_start_tls: bool = Field(True, description="Upgrade an ldap:// connection to TLS before binding")
    ldap_ca_file: str = Field("", description="Certificates that sign the directory's; else the system's")
    ldap_user_dn: str = Field("", description="Bind as the user: `uid={user},ou=people,dc=example,dc=org`")
    ldap_bind_dn: str = Field("", description="Search, then bind: the account that searches")
    ldap_bind_password: SecretStr = Field(SecretStr(""), description="Its password")
    ldap_base_dn: str = Field("", description="Where users are searched")
    ldap_user_filter: str = Field("(uid={user})", description="Which entry is the user")
    ldap_group_base_dn: str = Field("", description="Where groups are searched; else memberOf is read")
    ldap_group_filter: str = Field("(member={dn})", description="Which groups hold the user")
    ldap_timeout_s: int = Field(5, gt=0, le=60, description="Seconds to wait for the directory")
    kubeconfig: str = Field("", description="kubeconfig of this cluster; else in-cluster, if in one")
    clusters_file: str = Field("", description="YAML or JSON: env to kubeconfig, for several clusters")
    own_namespace: str = Field("", description="KubeDoor's own namespace; it is never governed")
    lease_name: str = Field(
        "kubedoor-api",
        pattern=r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
        description="Lease by which, of several instances, one runs an env's schedules and operations; it is"
        " in the env's own cluster",
    )
    lease_namespace: str = Field(
        "",
        pattern=r"^(|[a-z0-9]([-a-z0-9]*[a-z0-9])?)$",
        description="Namespace of the Lease; else OWN_NAMESPACE, else the pod's",
    )
    lease_duration_s: int = Field(
        15, ge=2, le=3600, description="Seconds after which another instance takes over from a dead one"
    )
    lease_renew_s: int = Field(
        10, ge=2, le=3600, description="Seconds that an instance works on without having renewed the Lease"
    )
    lease_retry_s: int = Field(2, ge=1, le=600, description="Seconds between two looks at the Lease")
    webhook_url: str = Field(
        "", pattern=r"^(|https://\S+)$", description="Address at which the cluster calls the webhook"
    )
    webhook_service: str = Field(
        "",
        pattern=r"^(|[a-z0-9-]+/[a-z0-9-]+(:\d+)?)$",
        description="The webhook's Service in the cluster, `namespace/name:port`, else WEBHOOK_URL",
    )
    webhook_ca_file: str = Field("", description="Certificates that sign the webhook's (PEM)")
    webhook_cert_manager: str = Field(
        "", description="`namespace/name` of the Certificate whose CA cert-manager is to inject"
    )
    webhook_failure_policy: Literal["Ignore", "Fail"] = Field(
        "Ignore", description="What the cluster does when the webhook can't be called"
    )
    webhook_timeout_s: int = Field(
        5, ge=1, le=30, description="Seconds that the cluster waits for the webhook"
    )
    webhook_namespace_selector: str = Field(
        "", description="JSON: a further namespaceSelector (matchLabels, matchExpressions)"
    )
    prometheus_url: HttpUrl | None = Field(None, description="For the curves of single pods")
    prometheus_timeout_s: float = Field(
        20, gt=0, description="Seconds that one query may take; somebody waits for it"
    )
    grafana_url: str = Field(
        "",
        pattern=r"^(|/grafana/|https?://\S+/)$",
        description="Where the console finds Grafana: `/grafana/` behind nginx, with the same sign-in, or"
        " another address that it links to, ending in `/`; empty: there is none",
    )
    grafana_key: SecretStr = Field(
        SecretStr(""),
        description="Signs the tokens that Grafana believes (auth.jwt): a private EC key on P-256 (PEM), for"
        " GRAFANA_URL=/grafana/",
    )
    notify_urls: SecretStr = Field(
        SecretStr(""),
        description="Apprise addresses that are told of events, separated by blanks; `name=address` names"
        " one, so that it can be chosen in the console",
    )
    notify_kinds: Regex = Field(
        "", description="Regular expression (RE2) of the kinds of events to tell; empty: warnings and errors"
    )
    notify_poll_s: float = Field(2, gt=0, le=3600, description="Seconds between two looks for new events")
    weekly_report: Literal["off", "en", "zh-CN"] = Field(
        "off",
        description="In which language the team is told each Monday at 8 what the week before asked for and"
        " used, until another is stored; `off`: it is not",
    )
    event_rules: str = Field("", max_length=2000, description=f"{EVENT_RULES_TEXT}. Until others are stored")
    alertmanager_url: HttpUrl | Literal[""] = Field(
        "", description="Where people find Alertmanager, to silence alerts; empty: nowhere"
    )
    production_namespaces: Regex = Field(
        "prod.*|.*-prod",
        description="Regular expression (RE2) of the namespaces in which the console wants the number of"
        " services typed before it scales, restarts or removes some",
    )
    pod_actions: str = Field(
        "",
        description="Which actions on pods there are, separated by commas: `logs`, `delete`, `isolate`,"
        " `diagnose`, `toolbox`, `exec`; the api's account needs the rights of each (`podActions` of the"
        " chart)",
    )
    pod_actions_namespaces: str = Field(
        "",
        pattern=r"^(|[a-z0-9]([-a-z0-9]*[a-z0-9])?(,[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)$",
        description="Namespaces in which there are actions on pods, separated by commas; empty: in all",
    )
    toolbox_image: str = Field(
        "",
        pattern=r"^\S*$",
        description="Image with `sleep` and jattach 2.0 or later, to be put beside a JVM whose image has no"
        " tools (`toolbox`); empty: none is",
    )
    pod_isolate_h: int = Field(
        24,
        ge=1,
        le=168,
        description="Hours after which an isolated pod is deleted, unless it is said otherwise",
    )
    findings: bool = Field(
        False,
        description="Whether the leader of an env looks every half minute for what is wrong in it; the api's"
        " account needs the rights for that (`findings.watch` of the chart)",
    )
    keep_events: bool = Field(
        False,
        description="Whether the leader of an env keeps what Kubernetes tells of its objects for 90 days; the"
        " api's account needs the rights for that (`events.keep` of the chart)",
    )
    node_control: bool = Field(
        False,
        description="Whether nodes can be cordoned, tainted and drained from here; the api's account needs"
        " the rights for that (`nodes.control` of the chart)",
    )
    max_cordoned_pct: int = Field(
        20,
        ge=1,
        le=100,
        description="Share of a group of like nodes that may be cordoned at the same time, per cent, whoever"
        " did it",
    )
    rollout_timeout_s: int = Field(
        600, ge=10, le=86_400, description="Seconds after which a rollout that makes no end has failed"
    )
    rollout_poll_s: float = Field(2, gt=0, le=60, description="Seconds between two looks at a rollout")
    rollout_soak_s: float = Field(
        10, ge=0, le=3600, description="Seconds that a rollout must stay through before it counts as such"
    )
    rollout_restarts: int = Field(
        2, ge=1, le=100, description="Restarts of a container after which a crash loop counts as one"
    )
    advice_rollback: bool = Field(
        False,
        description="Whether the count of before an accepted advice comes back by itself where something got"
        " worse within three days",
    )
    advice_rules: str = Field(
        "", max_length=2000, description=f"{ADVICE_RULES.description}; until others are stored"
    )
    score_rules: str = Field(
        "", max_length=2000, description=f"{SCORE_RULES.description}; until others are stored"
    )
    price_core_month: float = Field(
        0, ge=0, le=MAX_PRICE, description="What one core costs a month, until one is stored; 0: not known"
    )
    price_gib_month: float = Field(
        0, ge=0, le=MAX_PRICE, description="What one GiB of memory costs a month, likewise"
    )
    currency: str = Field(
        "USD", pattern=r"^[A-Z]{3}$", description="Currency of the prices, three letters (ISO 4217)"
    )
    owner_labels: str = Field(
        "team,owner",
        description="Keys of the labels that name the team that owns a service, separated by commas: the"
        " first that its Deployment bears holds, else the first that its namespace bears",
    )
    label_columns: str = Field(
        "",
        description="Keys of further labels of Deployments that the console has columns and groups for,"
        " likewise",
    )

    @field_validator("owner_labels", "label_columns")
    @classmethod
    def _keys_of_labels(cls, value: str) -> str:
        parse_label_keys(value)
        return value

    @field_validator("event_rules")
    @classmethod
    def _rules_of_events(cls, value: str) -> str:
        parse_event_rules(value)
        return value

    @field_validator("advice_rules")
    @classmethod
    def _rules_of_advice(cls, value: str) -> str:
        return str(ADVICE_RULES.read(value))

    @field_validator("score_rules")
    @classmethod
    def _rules_of_the_score(cls, value: str) -> str:
        return str(SCORE_RULES.read(value))

    @field_validator("env")
    @classmethod
    def _fits_an_address(cls, value: str) -> str:
        if not re.fullmatch(CLUSTER, value):
            raise ValueError(
                """has one of / < > " ' ` \\ ; { } $ % & | ? #: none of them can stand in an address"""
            )
        return value

    @field_validator("pod_actions")
    @classmethod
    def _known_groups(cls, value: str) -> str:
        unknown = [name for name in value.split(",") if value and name not in POD_ACTION_GROUPS]
        if unknown:
            raise ValueError(f"has {unknown[0]!r}; there are {', '.join(POD_ACTION_GROUPS)}")
        return value

    @field_validator("jwt_secret")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        keys = [key.strip() for key in value.get_secret_value().split(",")]
        if any(len(key) < MIN_SECRET_LENGTH for key in keys):
            raise ValueError(f"every key must have {MIN_SECRET_LENGTH} characters or more")
        return value

    @field_validator("proxy_secret")
    @classmethod
    def _fits_a_header(cls, value: SecretStr) -> SecretStr:
        secret = value.get_secret_value()
        if secret and not re.fullmatch(rf"[A-Za-z0-9_-]{{{MIN_SECRET_LENGTH},}}", secret):
            raise ValueError(f"must be {MIN_SECRET_LENGTH} or more letters and digits")
        return value

    @field_validator("grafana_key")
    @classmethod
    def _an_ec_key(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value():
            private_key(value.get_secret_value())
        return value

    @field_validator("webhook_namespace_selector")
    @classmethod
    def _selector(cls, value: str) -> str:
        try:
            parsed = json.loads(value or "{}")
        except ValueError as error:
            raise ValueError(f"is no JSON: {error}") from error
        if not isinstance(parsed, dict) or not set(parsed) <= {"matchLabels", "matchExpressions"}:
            raise ValueError("takes matchLabels and matchExpressions, as a Kubernetes LabelSelector does")
        return value

    @property
    def pod_action_groups(self) -> tuple[PodActionGroup, ...]:
        """The groups of actions on pods that are on."""
        return tuple(group for group in POD_ACTION_GROUPS if group in self.pod_actions.split(","))

    @property
    def pod_namespaces(self) -> tuple[str, ...]:
        """The namespaces in which there are actions on pods; none: in all."""
        return tuple(name for name in self.pod_actions_namespaces.split(",") if name)

    def acts_on_pods_of(self, namespace: str) -> bool:
        """Tell whether there are actions on the pods of a namespace."""
        return not self.pod_namespaces or namespace in self.pod_namespaces

    @property
    def jwt_keys(self) -> tuple[str, ...]:
        """The signing keys, the current one first."""
        return tuple(key.strip() for key in self.jwt_secret.get_secret_value().split(","))

    @model_validator(mode="after")
    def _sign_in_is_complete(self) -> ApiSettings:
        if self.auth_mode == "basic" and not self.htpasswd_file:
            raise ValueError("KUBEDOOR_HTPASSWD_FILE is not set, and KUBEDOOR_AUTH_MODE is basic")
        if self.auth_mode == "ldap" and not self.ldap_url:
            raise ValueError("KUBEDOOR_LDAP_URL is not set, and KUBEDOOR_AUTH_MODE is ldap")
        if self.auth_mode == "ldap" and not self.ldap_user_dn and not self.ldap_base_dn:
            raise ValueError("KUBEDOOR_LDAP_USER_DN or KUBEDOOR_LDAP_BASE_DN must be set for ldap")
        if self.auth_mode == "ldap" and not self.roles_file:
            raise ValueError("KUBEDOOR_ROLES_FILE is not set: with ldap it says which group has which role")
        return self

    @model_validator(mode="after")
    def _grafana_is_complete(self) -> ApiSettings:
        if self.grafana_url == GRAFANA_PATH and not self.grafana_key.get_secret_value():
            raise ValueError("KUBEDOOR_GRAFANA_KEY is not set, and KUBEDOOR_GRAFANA_URL is /grafana/")
        return self

    @model_validator(mode="after")
    def _lease_times_fit(self) -> ApiSettings:
        if not 1.2 * self.lease_retry_s < self.lease_renew_s < self.lease_duration_s:
            raise ValueError(
                "KUBEDOOR_LEASE_DURATION_S must be above KUBEDOOR_LEASE_RENEW_S, and that above 1.2 times"
                " KUBEDOOR_LEASE_RETRY_S"
            )
        return self
