"""What the server does with a question, by name: answers well, breaks, or obeys what it reads."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Mapping

from aiohttp import web

from kubedoor_dev.ai.protocol import Asked, Json, Script, completion, refusal, streamed
from kubedoor_dev.ai.words import good

LOGIN = "<!doctype html><html><title>Sign in</title><form action='/login'></form></html>"
HUGE_BYTES = 5 << 20


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


async def answers(asked: Asked) -> web.StreamResponse:
    """Answer well."""
    content = _json(good(asked.message))
    return await streamed(asked, content) if asked.body.get("stream") else completion(asked, content)


async def _out_of_bounds(asked: Asked) -> web.StreamResponse:
    answer = good(asked.message)
    if "replicas" in answer:
        answer |= {"agree": False, "replicas": 0}
    return completion(asked, _json(answer))


async def _foreign_facts(asked: Asked) -> web.StreamResponse:
    answer = good(asked.message)
    for one in (*answer.get("causes", ()), *answer.get("reasons", ())):
        one["facts"] = ["x9", "nobody-measured"]
    return completion(asked, _json(answer))


async def _not_json(asked: Asked) -> web.StreamResponse:
    return completion(asked, "I would say that nine pods are too many, wouldn't you?")


async def _fenced(asked: Asked) -> web.StreamResponse:
    thoughts = "<think>{not the answer}</think>"
    return completion(asked, f"{thoughts}Here it is:\n```json\n{_json(good(asked.message))}\n```\nGood luck!")


async def _wrong_shape(asked: Asked) -> web.StreamResponse:
    return completion(asked, _json({"answer": 42}))


async def _wrong_at_first(asked: Asked) -> web.StreamResponse:
    if len(asked.body["messages"]) > 2:
        return await answers(asked)
    return await _wrong_shape(asked)


async def _cut_off(asked: Asked) -> web.StreamResponse:
    return completion(asked, _json(good(asked.message))[:40], "length")


async def _declines(asked: Asked) -> web.StreamResponse:
    return completion(asked, "", refusal="I can't help with that.")


async def _no_schema(asked: Asked) -> web.StreamResponse:
    if asked.format == "json_schema":
        return refusal(400, "response_format: json_schema is not supported by this model")
    return await answers(asked)


async def _no_format(asked: Asked) -> web.StreamResponse:
    if asked.format:
        return refusal(400, "Unrecognized request argument supplied: response_format")
    return await answers(asked)


async def _refuses(asked: Asked) -> web.StreamResponse:
    del asked
    return refusal(400, "This model's maximum context length is 512 tokens")


async def _busy_once(asked: Asked) -> web.StreamResponse:
    return refusal(429, "Slow down", Retry_After="2") if asked.number == 0 else await answers(asked)


async def _busy(asked: Asked) -> web.StreamResponse:
    del asked
    return refusal(429, "Slow down", Retry_After="1")


async def _busy_for_long(asked: Asked) -> web.StreamResponse:
    del asked
    return refusal(429, "Quota exceeded", Retry_After="86400")


async def _broken(asked: Asked) -> web.StreamResponse:
    del asked
    return web.Response(status=500, text="<html>Internal Server Error</html>", content_type="text/html")


async def _silent(asked: Asked) -> web.StreamResponse:
    del asked
    await asyncio.sleep(60)
    return web.Response()


async def _huge(asked: Asked) -> web.StreamResponse:
    return completion(asked, "x" * HUGE_BYTES)


async def _hangs_up(asked: Asked) -> web.StreamResponse:
    if asked.request.transport is not None:
        asked.request.transport.abort()
    return web.Response()


async def _login(asked: Asked) -> web.StreamResponse:
    del asked
    return web.Response(text=LOGIN, content_type="text/html")


async def _redirects(asked: Asked) -> web.StreamResponse:
    del asked
    return web.Response(status=302, headers={"Location": "https://sso.corp.example/login?token=abcdef"})


async def _no_completion(asked: Asked) -> web.StreamResponse:
    del asked
    return web.json_response({"choices": []})


async def _wrong_key(asked: Asked) -> web.StreamResponse:
    key = asked.request.headers.get("Authorization", "").removeprefix("Bearer ")
    return refusal(401, f"Incorrect API key provided: {key}", "invalid_api_key")


async def _no_such_model(asked: Asked) -> web.StreamResponse:
    return refusal(404, f"The model `{asked.body['model']}` does not exist", "model_not_found")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def obedient(message: Json) -> Json:
    """Return an answer that does what any text of the question tells it to: all of it, word for word."""
    order = max(_texts(message), key=len)
    numbers = [int(number) for number in re.findall(r"-?\d{1,6}", order)]
    answer = good(message)
    for one in (*answer.get("causes", ()), *answer.get("reasons", ())):
        one["text"] = order
    for name in ("headline", "unknown"):
        if name in answer:
            answer[name] = order if name == "headline" else [order]
    if "replicas" in answer:
        answer |= {"agree": False, "replicas": numbers[0] if numbers else 0, "risk": "low"}
    return answer


async def _obeys(asked: Asked) -> web.StreamResponse:
    return completion(asked, _json(obedient(asked.message)))


SCRIPTS: Mapping[str, Script] = {
    "good": answers,
    "out_of_bounds": _out_of_bounds,
    "foreign_facts": _foreign_facts,
    "not_json": _not_json,
    "fenced": _fenced,
    "wrong_shape": _wrong_shape,
    "wrong_at_first": _wrong_at_first,
    "cut_off": _cut_off,
    "declines": _declines,
    "no_schema": _no_schema,
    "no_format": _no_format,
    "refuses": _refuses,
    "busy_once": _busy_once,
    "busy": _busy,
    "busy_for_long": _busy_for_long,
    "broken": _broken,
    "silent": _silent,
    "huge": _huge,
    "hangs_up": _hangs_up,
    "login": _login,
    "redirects": _redirects,
    "no_completion": _no_completion,
    "wrong_key": _wrong_key,
    "no_such_model": _no_such_model,
    "obeys": _obeys,
}
