"""Why a model gave no answer, as values; a console puts them into words."""

from __future__ import annotations

from typing import Literal

from kubedoor_core.errors import KubeDoorError

Failure = Literal[
    "unreachable",
    "proxy",
    "tls",
    "timeout",
    "wrong_key",
    "not_found",
    "refused",
    "rate_limited",
    "server_error",
    "redirected",
    "not_json",
    "too_large",
    "cut_off",
    "declined",
    "invalid",
    "busy",
    "interrupted",
    "failed",
]
OF_THE_QUESTION: frozenset[Failure] = frozenset({"cut_off", "declined", "invalid"})
"""The server works, and another question may have an answer: these don't open the circuit."""


class GatewayError(KubeDoorError):
    """The model's server gave no answer.

    :ivar code: why.
    :ivar detail: what the server said, for administrators: short, without secrets, plain.
    :ivar retry_after_s: seconds after which it wants to be asked again, where it says so.
    """

    def __init__(
        self,
        code: Failure,
        detail: str = "",
        *,
        status: int | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code: Failure = code
        self.detail = detail
        self.status = status
        self.retry_after_s = retry_after_s
