"""The OpenAPI document: valid, whole, and the committed copy is the one that is served."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from openapi_pydantic import OpenAPI

from kubedoor_api.endpoints import ENDPOINTS
from kubedoor_api.openapi import document

COMMITTED = Path(__file__).parents[3] / "docs" / "openapi.json"


def operations() -> list[dict[str, Any]]:
    return [operation for item in document()["paths"].values() for operation in item.values()]


def test_the_committed_document_is_the_one_that_is_served() -> None:
    assert json.loads(COMMITTED.read_text()) == document()


def test_it_is_openapi_and_every_reference_is_there() -> None:
    OpenAPI.model_validate(document())
    text = json.dumps(document())
    for name in document()["components"]["schemas"]:
        assert f"#/components/schemas/{name}" in text or name == "ProblemDocument"


def test_everything_is_described() -> None:
    for operation in operations():
        assert operation["summary"], operation["operationId"]
        for parameter in operation.get("parameters", []):
            assert parameter["description"], (operation["operationId"], parameter["name"])
    for name, schema in document()["components"]["schemas"].items():
        assert schema["description"], name
        for key, value in schema.get("properties", {}).items():
            assert value.get("description") or "$ref" in value, (name, key)


def test_identities_are_unique_and_tags_are_told() -> None:
    ids = [operation["operationId"] for operation in operations()]
    assert len(ids) == len(set(ids)) == len(ENDPOINTS)
    told = {tag["name"] for tag in document()["tags"]}
    assert {operation["tags"][0] for operation in operations()} == told
