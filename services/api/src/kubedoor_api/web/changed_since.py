"""The answer to an edit that is based on what somebody has changed since."""

from __future__ import annotations

from collections.abc import Mapping

from kubedoor_core.problems import Problem


def changed_since(
    what: str, *, version: str | int, by: str, current: Mapping[str, object], **parameters: str
) -> Problem:
    """Return the 412 that holds what stands now.

    :param what: the subject of the sentence: "The mode".
    :param version: goes into the next If-Match.
    :param by: who changed it last; '' where nobody did.
    :param parameters: what else the sentence is about.
    """
    return Problem(
        412,
        f"{what} has been changed since{by and f' by {by}'}: look at `current` and try again",
        headers={"ETag": f'"{version}"'},
        parameters={"by": by, **parameters},
        extra={"current": current},
    )
