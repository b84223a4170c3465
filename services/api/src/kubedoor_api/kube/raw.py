"""Calls of the library whose answers stay plain JSON: its models cost ten times the time and lose fields."""

from __future__ import annotations

import json
from typing import Any

from kubernetes_asyncio import client

Json = dict[str, Any]
BAD = 400


async def raw(call: Any, *arguments: Any, **options: Any) -> Json:  # noqa: ANN401 the library is untyped
    """Make a call and return the JSON that came back.

    :raises ApiException: with the answer's status, headers and body.
    """
    response = await call(*arguments, _preload_content=False, **options)
    if response.status >= BAD:
        failure = client.ApiException(status=response.status, reason=response.reason)
        failure.body = await response.text()
        failure.headers = response.headers
        raise failure
    found: Json = json.loads(await response.read())
    return found
