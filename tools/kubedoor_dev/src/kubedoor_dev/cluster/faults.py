"""Faults that a test orders: a refusal, a delay, a hang, a broken connection, a lost answer."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from kubedoor_dev.cluster.errors import ApiError, bad_request

if TYPE_CHECKING:
    from collections.abc import Mapping

Value = Any

MESSAGES = {
    401: "Unauthorized",
    403: "is forbidden: the fault that was ordered",
    404: "the server could not find the requested resource",
    409: "the object has been modified; please apply your changes to the latest version and try again",
    410: "The provided continue parameter is too old to display a consistent list result.",
    429: "the server has received too many requests and has asked us to try again later",
    500: "Internal error occurred: the fault that was ordered",
    503: "the server is currently unable to handle the request",
    504: "request did not complete within the allotted timeout",
}


@dataclass
class Fault:
    """What happens to the calls that match.

    :ivar method: regular expression that the whole method matches.
    :ivar path: regular expression that is found in the path.
    :ivar count: how many calls it happens to; none: all.
    :ivar status: the answer, a Status of the right reason; none: the call goes on as usual.
    :ivar delay_s: seconds to wait first.
    :ivar hang: never answer.
    :ivar drop: break the connection instead of an answer.
    :ivar applied: do what was asked before the fault: the answer is lost, the change is not.
    """

    method: str = ".*"
    path: str = ".*"
    count: int | None = 1
    status: int | None = None
    message: str = ""
    retry_after_s: int | None = None
    delay_s: float = 0.0
    hang: bool = False
    drop: bool = False
    applied: bool = False
    hits: int = 0

    def matches(self, method: str, path: str) -> bool:
        """Tell whether it happens to this call."""
        left = self.count is None or self.hits < self.count
        return (
            left
            and re.fullmatch(self.method, method, re.IGNORECASE) is not None
            and re.search(self.path, path) is not None
        )

    def error(self) -> ApiError | None:
        """Return the answer, if there is to be one."""
        if self.status is None:
            return None
        message = self.message or MESSAGES.get(self.status, "the fault that was ordered")
        details = {"retryAfterSeconds": self.retry_after_s} if self.retry_after_s else {}
        return ApiError(self.status, message, details=details, retry_after_s=self.retry_after_s)

    def json(self) -> dict[str, Any]:
        """Return it as it is served."""
        return asdict(self)


@dataclass
class Faults:
    """The faults in order; the first that matches happens."""

    _faults: list[Fault] = field(default_factory=list)
    denied: set[tuple[str, str]] = field(default_factory=set)
    """Verb and resource, such as `("patch", "deployments/scale")`, that a SelfSubjectAccessReview denies"""

    def add(self, fault: Fault) -> Fault:
        """Order a fault; its `hits` tell how often it happened."""
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Take all back."""
        self._faults.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault that happens to a call, and count it."""
        for fault in self._faults:
            if fault.matches(method, path):
                fault.hits += 1
                return fault
        return None

    def json(self) -> list[dict[str, Any]]:
        """Return them as they are served."""
        return [fault.json() for fault in self._faults]


TYPES: Mapping[str, tuple[type, ...]] = {
    "method": (str,), "path": (str,), "message": (str,), "count": (int, type(None)),
    "status": (int, type(None)), "retry_after_s": (int, type(None)), "delay_s": (int, float),
    "hang": (bool,), "drop": (bool,), "applied": (bool,),
}  # fmt: skip


def read(body: Value) -> Fault:
    """Read a fault as it is ordered over HTTP.

    :raises ApiError: 400, when a field is unknown, of another type, or no regular expression.
    """
    if not isinstance(body, dict):
        raise bad_request("a fault is an object")
    for name, value in body.items():
        if name not in TYPES:
            raise bad_request(f"unknown field {name}; there are {', '.join(sorted(TYPES))}")
        if not isinstance(value, TYPES[name]):
            raise bad_request(f"{name} cannot be {value!r}")
    fault = Fault(**body)
    for name in ("method", "path"):
        try:
            re.compile(getattr(fault, name))
        except re.error as error:
            raise bad_request(f"{name} is no regular expression: {error}") from None
    return fault
