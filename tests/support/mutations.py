"""Structure-aware fuzzing: real reviews with places cut out, swapped, retyped or filled with nonsense."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

from support.reviews import Json, changed, container, deployment, restarted, review, scale

NONSENSE: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, 10**30, 0.5, -0.0, 1e308, "", "x", "1", "-1", "1e400", "1Gi",
    "lots", "\x00", "\ud800", "a~1b/c", "'\"", "<img src=x onerror=alert(1)>", "名前", "x" * 300, [], {},
    [None], [[]], {"": None}, {"cpu": {}}, {"cpu": "1", "memory": []}, [{"name": "app"}, {"name": "app"}],
    [{"name": None}], "Always", "app", "enforce", "CREATE", "UPDATE", "scale", "deployments",
    "2026-01-01T00:00:00Z",
)  # fmt: skip

SEEDS: tuple[Json, ...] = (
    review(deployment()),
    review(deployment(name="rogue")),
    review(restarted(deployment()), deployment()),
    review(changed(deployment(), replicas=4), deployment()),
    review(scale(5), scale(2), subresource="scale"),
    review(
        deployment(
            container("app", {"limits": {"cpu": "2"}}),
            container("proxy", {}),
            initContainers=[container("mesh", {"requests": {"memory": "64Mi"}}, restartPolicy="Always")],
            resources={"limits": {"cpu": "4", "memory": "4Gi"}},
        )
    ),
    review(deployment(), dry_run=True),
)


def places(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a document."""
    found = [path] if path else []
    if isinstance(document, dict):
        for key, value in document.items():
            found += places(value, (*path, key))
    elif isinstance(document, list):
        for index, value in enumerate(document):
            found += places(value, (*path, index))
    return found


class Fuzzer:
    """An endless, repeatable supply of bodies."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._seeds = [(json.dumps(document), places(document)) for document in SEEDS]

    def body(self) -> bytes:
        """One body: mostly a review with one to four places changed, now and then bytes gone wrong."""
        text, known = self._random.choice(self._seeds)
        document = json.loads(text)
        for _ in range(self._random.randint(1, 4)):
            self._mutate(document, known)
        body = json.dumps(document).encode()
        return self._damage(body) if self._random.random() < 0.05 else body

    def _mutate(self, document: Any, known: list[tuple[Any, ...]]) -> None:
        *path, last = self._random.choice(known)
        holder = document
        for key in path:
            try:
                holder = holder[key]
            except (KeyError, IndexError, TypeError):
                return  # an earlier change took the place away
        if not isinstance(holder, dict | list) or (isinstance(holder, list) != isinstance(last, int)):
            return
        if isinstance(holder, list) and last >= len(holder):
            return
        self._change(holder, last)

    def _change(self, holder: Any, last: Any) -> None:
        match self._random.randint(0, 5):
            case 0 if isinstance(holder, dict):
                holder.pop(last, None)
            case 1 if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[last]))
            case 2 if isinstance(holder, dict):
                holder[self._random.choice(["", "a~b", "c/d", "__proto__", "limits", "spec"])] = holder.get(
                    last
                )
            case _:
                holder[last] = copy.deepcopy(self._random.choice(NONSENSE))

    def _damage(self, body: bytes) -> bytes:
        at = self._random.randrange(len(body))
        return (
            body[:at]
            if self._random.random() < 0.5
            else body[:at] + self._random.randbytes(4) + body[at + 1 :]
        )
