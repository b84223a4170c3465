"""The protocol: what was asked, and answers in its form."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

Json = dict[str, Any]
CHARS_PER_TOKEN = 4


@dataclass(frozen=True)
class Asked:
    """One request.

    :ivar number: how many came before it.
    """

    request: web.Request
    body: Json
    number: int

    @property
    def message(self) -> Json:
        """The question: JSON in the first message of the user's."""
        text = next(one["content"] for one in self.body["messages"] if one["role"] == "user")
        found: Json = json.loads(text)
        return found

    @property
    def format(self) -> str:
        """How the answer is held to JSON; empty where it is not."""
        return str(self.body.get("response_format", {}).get("type", ""))

    @property
    def characters(self) -> int:
        """Length of all that was said."""
        return sum(len(one["content"]) for one in self.body["messages"])


Script = Callable[[Asked], Awaitable[web.StreamResponse]]


def completion(asked: Asked, content: str, finish: str = "stop", **message: object) -> web.Response:
    """Return an answer, with what it used."""
    prompt, answer = asked.characters // CHARS_PER_TOKEN + 1, len(content) // CHARS_PER_TOKEN + 1
    return web.json_response(
        {
            "id": f"chatcmpl-{asked.number}",
            "object": "chat.completion",
            "created": 0,
            "model": asked.body["model"],
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": content, **message},
                    "finish_reason": finish,
                }
            ],
            "usage": {
                "prompt_tokens": prompt,
                "completion_tokens": answer,
                "total_tokens": prompt + answer,
            },
        }
    )


def refusal(status: int, message: str, code: str = "", **headers: str) -> web.Response:
    """Return an error as OpenAI's are."""
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": code or None}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return web.json_response({"error": error}, status=status, headers=named)


async def streamed(asked: Asked, content: str) -> web.StreamResponse:
    """Answer in server-sent events, as `stream` asks for."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(asked.request)
    head = {"id": f"chatcmpl-{asked.number}", "object": "chat.completion.chunk", "created": 0}
    for delta, finish in (({"role": "assistant", "content": content}, None), ({}, "stop")):
        choices = [{"index": 0, "delta": delta, "finish_reason": finish}]
        chunk = {**head, "model": asked.body["model"], "choices": choices}
        await response.write(f"data: {json.dumps(chunk)}\n\n".encode())
    await response.write(b"data: [DONE]\n\n")
    await response.write_eof()
    return response
