"""50,000 fuzzed reviews, with a fixed seed, over TLS: a valid answer or a 4xx, every time."""

from __future__ import annotations

import asyncio
import collections
import json

import aiohttp

from kubedoor_dev.cluster.jsonpatch import apply
from support.mutations import Fuzzer
from support.webhook import Answer, Webhook, ask

REVIEWS = 50_000
CONNECTIONS = 16
SEED = 20_261_122


async def test_not_one_5xx_and_not_one_hang(webhook: Webhook, client: aiohttp.ClientSession) -> None:
    fuzzer, statuses = Fuzzer(SEED), collections.Counter[int]()

    async def worker(count: int) -> None:
        for _ in range(count):
            body = fuzzer.body()
            async with asyncio.timeout(120):
                answer = await ask(client, body)
            check(body, answer)
            statuses[answer.status] += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(worker(REVIEWS // CONNECTIONS))
    print(f"\nfuzzed reviews by status: {dict(statuses)}")
    assert statuses.total() == REVIEWS
    assert statuses[200] > REVIEWS / 5
    assert statuses[400] > REVIEWS / 20


def check(body: bytes, answer: Answer) -> None:
    if 400 <= answer.status < 500:
        assert answer.document["status"] == answer.status
        assert answer.document["detail"]
        return
    assert answer.status == 200, body
    response, request = answer.response, json.loads(body)["request"]
    assert response["uid"] == request["uid"]
    assert ("patch" in response) == ("patchType" in response)
    assert isinstance(response["allowed"], bool)
    apply(request.get("object"), answer.patch())
