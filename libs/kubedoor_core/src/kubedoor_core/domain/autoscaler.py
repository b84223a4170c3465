"""What owns the count of a workload, as it is found: a row of `autoscaler`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

AutoscalerSource = Literal["hpa", "keda", "metrics", "scale"]
"""How it was found: by its HorizontalPodAutoscaler, which may be KEDA's, by metrics, or by its scaling."""
FORGET_AFTER = timedelta(days=1)
"""A count whose autoscaler is gone for so long is KubeDoor's again."""
SCALED_KINDS = frozenset({"Deployment", "StatefulSet"})
WATCHED: frozenset[AutoscalerSource] = frozenset({"hpa", "keda"})
"""What the api's watch of the cluster has found itself."""
KEY = ("namespace", "kind", "name")
_FOUND = (*KEY, "autoscaler", "source", "min_replicas", "max_replicas", "cpu_target_pct", "mem_target_pct")


@dataclass(frozen=True, slots=True, kw_only=True)
class Autoscaler:
    """What is known of the autoscaler of one workload.

    :ivar kind: of the workload, as `name` is.
    :ivar autoscaler: its own name; empty where nobody knows it.
    :ivar cpu_target_pct: average utilisation that it scales by, per cent of the requests.
    :ivar gone_at: since when it is gone; of source `scale`, when it was last seen to scale.
    :ivar version: 0 where it has never been written.
    """

    namespace: str
    kind: str
    name: str
    autoscaler: str = ""
    source: AutoscalerSource = "hpa"
    min_replicas: int | None = None
    max_replicas: int | None = None
    cpu_target_pct: int | None = None
    mem_target_pct: int | None = None
    since: datetime | None = None
    gone_at: datetime | None = None
    deleted: bool = False
    version: int = 0

    @property
    def key(self) -> tuple[str, str, str]:
        """Which workload it scales: namespace, kind and name."""
        return self.namespace, self.kind, self.name

    def is_as(self, other: Autoscaler) -> bool:
        """Tell whether both say the same of a workload's autoscaler, whenever that was found."""
        return all(getattr(self, name) == getattr(other, name) for name in _FOUND)

    def columns(self, env: str, now: datetime, author: str) -> dict[str, Any]:
        """Return the row as it is written, newer than the one that it follows."""
        return {
            "env": env,
            **{name: getattr(self, name) for name in _FOUND},
            "since": self.since or now,
            "gone_at": self.gone_at,
            "version": version_after(self.version, now),
            "updated_at": now,
            "updated_by": author,
            "deleted": self.deleted,
        }


def version_after(version: int, now: datetime) -> int:
    """Return the version of a row that follows one: microseconds since 1970, and more than that one's."""
    return max(int(now.timestamp() * 1_000_000), version + 1)


def autoscaler_from_row(row: Mapping[str, Any]) -> Autoscaler:
    """Read a row of `autoscaler`; a source that is none claims the least, as one seen to scale alone."""
    gone_at = row["gone_at"]
    sources: tuple[AutoscalerSource, ...] = get_args(AutoscalerSource)
    source = next((source for source in sources if source == row["source"]), "scale")
    return Autoscaler(
        **{**{name: row[name] for name in _FOUND}, "source": source},
        since=datetime.fromisoformat(row["since"]),
        gone_at=datetime.fromisoformat(gone_at) if gone_at else None,
        deleted=bool(row["deleted"]),
        version=int(row["version"]),
    )


def changes(
    standing: Mapping[tuple[str, str, str], Autoscaler],
    found: Mapping[tuple[str, str, str], Autoscaler] | None,
    now: datetime,
) -> list[Autoscaler]:
    """Return the rows that bring what is stored to what is found.

    :param found: every autoscaler of the cluster; None where it could not be asked, when nothing is new or
        gone, but what has long been gone is forgotten all the same.
    """
    written = [_found(one, standing.get(key), now) for key, one in (found or {}).items()]
    left = [one for key, one in standing.items() if key not in (found or {})]
    gone = [_gone(one, now, asked=found is not None) for one in left]
    return [row for row in (*written, *gone) if row is not None]


def _found(one: Autoscaler, standing: Autoscaler | None, now: datetime) -> Autoscaler | None:
    if standing is None or standing.deleted:
        return replace(one, since=now, version=standing.version if standing else 0)
    if standing.gone_at is None and one.is_as(standing):
        return None
    return replace(one, since=standing.since, version=standing.version)


def _gone(one: Autoscaler, now: datetime, *, asked: bool) -> Autoscaler | None:
    if one.deleted:
        return None
    if one.source == "scale" and not asked:
        return None
    if one.gone_at is not None:
        return replace(one, deleted=True) if now - one.gone_at >= FORGET_AFTER else None
    return replace(one, gone_at=now) if asked else None


def seen_scaling(namespace: str, kind: str, name: str, now: datetime) -> Autoscaler:
    """Return what is known of an autoscaler by its scaling alone.

    It is forgotten a day later where the cluster can be asked and has no such autoscaler.
    """
    return Autoscaler(namespace=namespace, kind=kind, name=name, source="scale", since=now, gone_at=now)


def changes_by_metrics(
    standing: Mapping[tuple[str, str, str], Autoscaler],
    found: Mapping[tuple[str, str, str], Autoscaler],
    at: datetime,
    now: datetime,
) -> list[Autoscaler]:
    """Return the rows that bring what is stored to what metrics told of a moment.

    What the api's watch has found stands, and what it has found gone since that moment: it asks the cluster
    itself. Of the rest metrics find, and find gone, what they have found.

    :param found: every autoscaler that metrics told of.
    :param at: that moment.
    """
    written = [_told(one, standing.get(key), at, now) for key, one in found.items()]
    left = [one for key, one in standing.items() if key not in found and one.source == "metrics"]
    gone = [_gone(one, now, asked=one.since is None or one.since < at) for one in left]
    return [row for row in (*written, *gone) if row is not None]


def _told(one: Autoscaler, standing: Autoscaler | None, at: datetime, now: datetime) -> Autoscaler | None:
    if standing is not None and standing.source != "scale":
        if standing.gone_at is not None and standing.gone_at >= at:
            return None
        if standing.source in WATCHED and standing.gone_at is None and not standing.deleted:
            return None
    return _found(one, standing, now)
