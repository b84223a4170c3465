"""Requests made from the OpenAPI document, good and bad: no 5xx, and no answer that contradicts it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from support.api import SERVICES, Api, token

SEED = 20261122
EXAMPLES = 5
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)


async def test_no_answer_contradicts_the_document(api: Api, tmp_path: Path) -> None:
    await api.change(
        "PUT", f"{SERVICES}/shop/cart", {"replicas_manual": 3, "note": "<b>'; DROP TABLE control --"}
    )
    url = str(api.client.make_url("/api/v1/openapi.json"))
    command = [
        str(Path(sys.executable).parent / "schemathesis"), "run", url,
        "--header", f"Authorization: Bearer {token()}",
        "--seed", str(SEED), "--max-examples", str(EXAMPLES), "--checks", ",".join(CHECKS),
        "--phases", "examples,coverage,fuzzing", "--mode", "all", "--no-shrink", "--warnings", "off",
        "--suppress-health-check", "all", "--continue-on-failure",
    ]  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, cwd=tmp_path
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, "\n".join(line[:400] for line in output.decode().splitlines())
