"""Fuzzed reviews, with a fixed seed: a valid answer or a 4xx, every time.

50,000 are decided without a connection, the first 10,000 of them over TLS as well: what the later ones add is
a matter of deciding alone.
"""

from __future__ import annotations

import asyncio
import collections
import json

import aiohttp

from kubedoor_core.domain.admission.decide import decide, in_scope
from kubedoor_core.domain.control import ContainerValues, Service
from kubedoor_core.domain.mode import Mode
from kubedoor_core.errors import BadValueError
from kubedoor_dev.cluster.jsonpatch import apply
from kubedoor_webhook.answer import answer
from kubedoor_webhook.decoding import read_review
from kubedoor_webhook.handler import OUT_OF_SCOPE
from support.mutations import Fuzzer
from support.webhook import Answer, Webhook, ask

REVIEWS, OVER_TLS = 50_000, 10_000
CONNECTIONS = 16
SEED = 20_261_122
VALUES = ContainerValues("app", 250, 1000, 512, 1024)
SERVICE = Service("shop", "checkout", 3, "manual", containers=(VALUES,))


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
            group.create_task(worker(OVER_TLS // CONNECTIONS))
    print(f"\nfuzzed reviews by status: {dict(statuses)}")
    assert statuses.total() == OVER_TLS
    assert statuses[200] > OVER_TLS / 5
    assert statuses[400] > OVER_TLS / 20


def test_each_is_decided_or_refused_for_a_reason() -> None:
    fuzzer, statuses = Fuzzer(SEED), collections.Counter[int]()
    for _ in range(REVIEWS):
        body = fuzzer.body()
        answered = decided(body)
        check(body, answered)
        statuses[answered.status] += 1
    assert statuses[200] > REVIEWS / 5
    assert statuses[400] > REVIEWS / 20


def decided(body: bytes) -> Answer:
    """Answer as the webhook does that knows `shop/checkout` alone, in `enforce`."""
    try:
        review = read_review(body)
        known = SERVICE if (review.namespace, review.name) == ("shop", "checkout") else None
        decision = decide(review, known, Mode.ENFORCE) if in_scope(review) else OUT_OF_SCOPE
    except BadValueError as error:
        return Answer(400, {"status": 400, "detail": str(error)})
    return Answer(200, json.loads(answer(review, decision)))


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
