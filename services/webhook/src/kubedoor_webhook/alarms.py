"""What somebody should look at although admission goes on; told in log, `/readyz`, `/metrics` and events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from kubedoor_core.domain.invalid_values import complaints
from kubedoor_webhook.losses import GIVE_UP_AFTER_S
from kubedoor_webhook.snapshot import Snapshot

AlarmKind = Literal["setting_left_out", "value_left_out", "announcement_given_up", "rows_lost"]
WAY_OUT = "restore them (docs/operations.md), or restart the webhooks to go by the table as it is"


class Alarm(NamedTuple):
    """One alarm.

    :param subject: what it is about; one of the same kind and subject is the same alarm, told already.
    :param number: of how many things it speaks.
    """

    kind: AlarmKind
    subject: str
    number: int
    text: str


def alarms_of(snapshot: Snapshot, missing: Mapping[str, int]) -> tuple[Alarm, ...]:
    """Return the alarms.

    :param missing: the versions that were announced of each table and can't be read.
    """
    settings = [Alarm("setting_left_out", text, 1, text) for text in map(str, snapshot.policy.complaints)]
    values = [
        Alarm("value_left_out", text, number, text)
        for text, number in complaints(snapshot.invalid_values).items()
    ]
    return (*settings, *values, *map(_given_up, missing.items()), *_lost(snapshot))


def _given_up(missing: tuple[str, int]) -> Alarm:
    source, version = missing
    text = (
        f"a change of the table {source} was announced (version {version}) and could not be read within"
        f" {GIVE_UP_AFTER_S:g} s: given up, the table is gone by as it is; rows may have been lost"
    )
    return Alarm("announcement_given_up", f"{source} {version}", 1, text)


def _lost(snapshot: Snapshot) -> list[Alarm]:
    found = []
    for source, loss in snapshot.losses.items():
        if count := len(loss.kept):
            text = (
                f"{count} of {count + loss.present} rows of the table {source} are gone without a tombstone:"
                f" not believed, what they said goes on to hold; {WAY_OUT}"
            )
            found.append(Alarm("rows_lost", source, count, text))
    return found
