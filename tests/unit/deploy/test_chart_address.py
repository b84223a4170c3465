"""The secret in the webhook's address: one, told both to the webhook and to the api."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable

from support.rendering import MINIMAL, Object, container, environment, merged, objects, objects_of, templates

NAME = "KUBEDOOR_MUTATE_SECRET"


def _addresses(found: Iterable[Object]) -> list[Object]:
    return [one for one in found if one["kind"] == "Secret" and "mutate-secret" in one.get("data", {})]


def test_webhook_and_api_read_one_generated_secret() -> None:
    [secret] = _addresses(objects_of("minimal"))
    value = base64.b64decode(secret["data"]["mutate-secret"]).decode()
    assert re.fullmatch(r"[a-z0-9]{48}", value)
    reference = {"name": secret["metadata"]["name"], "key": "mutate-secret"}
    for component in ("webhook", "api"):
        assert environment("minimal", component)[NAME]["valueFrom"]["secretKeyRef"] == reference
    tested = {entry["name"]: entry for entry in container("minimal", "webhook-test")["env"]}
    assert tested["MUTATE_SECRET"]["valueFrom"]["secretKeyRef"] == reference
    assert tested["WEBHOOK_URL"]["value"].endswith(".svc/mutate/$(MUTATE_SECRET)")
    names = list(tested)
    assert names.index("MUTATE_SECRET") < names.index("WEBHOOK_URL")


def test_where_the_api_runs_elsewhere_the_secret_has_to_be_given() -> None:
    assert _addresses(objects_of("one cluster of several")) == []
    assert NAME not in environment("one cluster of several", "webhook")


def test_a_given_secret_is_taken() -> None:
    found = objects(templates(merged(MINIMAL, {"webhook": {"addressSecret": "given"}})))
    assert _addresses(found) == []
    texts = [str(one) for one in found if one["kind"] == "Deployment"]
    assert sum("'secretName': 'given'" in text for text in texts) == 2
