"""One row of the audit log, and the chain that makes a removed or changed row show."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64
"""Stands before the first row."""


def now() -> datetime:
    """Return the time, UTC, as precise as the column keeps it."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@dataclass(frozen=True)
class AuditEntry:
    """What somebody did or tried. `before` and `after` are JSON, empty where there is nothing to tell.

    :ivar commit_id: the commit that the entry is part of, empty for one that changed no table.
    """

    actor: str
    role: str
    remote: str
    request_id: str
    action: str
    outcome: str
    env: str = ""
    namespace: str = ""
    name: str = ""
    before: str = ""
    after: str = ""
    at: datetime = field(default_factory=now)
    commit_id: str = ""

    def json(self) -> str:
        """Return what `entry_of` reads."""
        return json.dumps(
            {**asdict(self), "at": self.at.isoformat(timespec="milliseconds")}, ensure_ascii=False
        )


def entry_of(text: str) -> AuditEntry:
    """Read an entry that is part of a commit."""
    values = json.loads(text)
    return AuditEntry(**{**values, "at": datetime.fromisoformat(values["at"])})


@dataclass(frozen=True)
class Link:
    """An entry in its place."""

    seq: int
    entry: AuditEntry
    prev_hash: str
    hash: str

    def row(self) -> dict[str, object]:
        """Return the row to insert."""
        values = asdict(self.entry)
        values["at"] = self.entry.at.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
        return {"seq": self.seq, **values, "prev_hash": self.prev_hash, "hash": self.hash}


def digest(seq: int, entry: AuditEntry, prev_hash: str) -> str:
    """Hash a row together with the hash before it: SHA-256 over JSON with sorted keys."""
    values = {**asdict(entry), "at": entry.at.isoformat(timespec="milliseconds")}
    values["deployment"] = values.pop("name")  # as the column was called when the chain began
    if not entry.commit_id:  # rows from before there was such a column keep their hash
        del values["commit_id"]
    text = json.dumps({**values, "seq": seq, "prev_hash": prev_hash}, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def chain(entries: Iterable[AuditEntry], seq: int, prev_hash: str) -> list[Link]:
    """Put entries behind the row `seq`, whose hash is `prev_hash`."""
    links: list[Link] = []
    for number, entry in enumerate(entries, seq + 1):
        links.append(Link(number, entry, prev_hash, digest(number, entry, prev_hash)))
        prev_hash = links[-1].hash
    return links


def link_of(row: Mapping[str, Any]) -> Link:
    """Read a row back; back-ups of before there were commits have no `commit_id`."""
    values = {one.name: row.get(one.name, "") for one in fields(AuditEntry)}
    entry = AuditEntry(**{**values, "at": datetime.fromisoformat(row["at"]).astimezone(UTC)})
    return Link(int(row["seq"]), entry, row["prev_hash"], row["hash"])


def broken(links: Iterable[Link], previous: Link | None = None) -> str | None:
    """Say what is wrong with the first bad row of a run, or return None.

    :param previous: the row before the run; None at the beginning of the log.
    """
    seq, prev_hash = (previous.seq, previous.hash) if previous else (0, GENESIS)
    for link in links:
        if link.seq != seq + 1:
            what = "is duplicated" if link.seq == seq else f"follows row {seq}: rows between are missing"
            return f"row {link.seq} {what}"
        if link.prev_hash != prev_hash:
            return f"row {link.seq} does not follow row {seq}: one of them was replaced"
        if link.hash != digest(link.seq, link.entry, link.prev_hash):
            return f"row {link.seq} was changed after it was written"
        seq, prev_hash = link.seq, link.hash
    return None
