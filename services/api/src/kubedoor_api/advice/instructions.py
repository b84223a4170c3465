"""Advice as instructions for people and pipelines that scale by other means. Pure, but for its endpoint."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import Field

from kubedoor_api.access.roles import Role
from kubedoor_api.advice import queries
from kubedoor_api.advice.models import Advice
from kubedoor_api.advice.queries import Which
from kubedoor_api.advice.routes import COLLECTION
from kubedoor_api.advice.stored import ADVISED, advice_of
from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.settings import store
from kubedoor_api.web.csv_text import render
from kubedoor_api.web.endpoint import PREFIX, Call, Download, endpoint
from kubedoor_api.web.fields import LABEL, EnvPath, Model, Nothing
from kubedoor_api.web.yaml_text import dump
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.advice import Verdict
from kubedoor_core.domain.env_policy import ADVICE_RULES

MOST = 10_000
Format = Literal["kubectl", "csv", "yaml"]
MEDIA: dict[Format, str] = {"kubectl": "text/x-shellscript", "csv": "text/csv", "yaml": "application/yaml"}
SUFFIX: dict[Format, str] = {"kubectl": "sh", "csv": "csv", "yaml": "yaml"}
HEADER = (
    "namespace", "kind", "name", "verdict", "replicas_now", "replicas_advised", "replicas_needed", "binding",
    "confidence", "saved_cpu_m", "saved_mem_mib", "saved_money_month", "currency", "of_least", "as_of",
    "advice_id", "version",
)  # fmt: skip
OVERRULED = (
    "In the mode `enforce`, KubeDoor's admission overrules a bare `kubectl scale`: the control table's count",
    "holds. Accept the advice first, by the call below or in the console; what is scaled then stays.",
)


class InstructionsQuery(Model):
    """Which advice, and in which form."""

    format: Format = "kubectl"
    """`kubectl`: commands; `csv`: a line for each service; `yaml`: Deployments of nothing but the count, for
    server-side apply"""
    verdict: Verdict | None = None
    """Only of this verdict; commands and YAML are of `fewer` and `more` in any case"""
    namespace: Annotated[str, Field(pattern=LABEL, max_length=63)] | None = None
    """Only of this namespace"""


@endpoint(
    "GET",
    COLLECTION + "/export",
    tag="advice",
    role=Role.VIEWER,
    media_types=tuple(MEDIA.values()),
    by_target=True,
)
async def export_advice(call: Call[EnvPath, InstructionsQuery, Nothing]) -> Download:
    """Download advice as instructions: kubectl commands, CSV or YAML.

    Of the namespaces that you may see. Commands and YAML say how the advice is accepted too: in the mode
    `enforce` admission would overrule a count that only the cluster was asked for.
    """
    context, env, query = call.context, call.path.env, call.query
    which = Which(query.namespace, scope=await namespace_scope(call.caller, context, env))
    as_of = await queries.made_as_of(context[ClickHouse], env)
    rows = []
    if as_of is not None:
        having = (query.verdict, None)
        rows = await queries.page(context[ClickHouse], env, as_of, which, having, "namespace", (MOST, 0))
    rules = (await store.policy(context, env))[ADVICE_RULES].rules
    items = [advice_of(row, rules) for row in rows]
    # No command where reasons stand against it, though a count was reckoned.
    told = items if query.format == "csv" else [one for one in items if one.verdict in ADVISED]
    text = WRITERS[query.format](env, told)
    return Download(text, MEDIA[query.format], f"kubedoor-advice.{SUFFIX[query.format]}")


def _csv(_: str, items: Sequence[Advice]) -> str:
    return render(
        HEADER,
        (
            (
                one.namespace, one.kind, one.name, one.verdict, one.replicas_now, one.replicas_advised,
                one.replicas_needed, one.binding, one.confidence,
                *((one.saving.cpu_m, one.saving.mem_mib, one.saving.money_month, one.saving.currency)
                  if one.saving else (None, None, None, None)),
                one.of_least, one.as_of.isoformat(), one.id, one.version,
            )
            for one in items
        ),
    )  # fmt: skip


def _call(env: str, items: Sequence[Advice]) -> str:
    """Return the body that accepts advice on counts, as curl sends it."""
    body = {
        "items": [
            {
                "namespace": one.namespace,
                "name": one.name,
                "replicas": one.replicas_advised,
                "advice_id": one.id,
                "version": one.version,
            }
            for one in items
        ],
        "how": "control",
    }
    url = f'"$KUBEDOOR_URL{PREFIX}/envs/{quote(env)}/advice/accept"'
    head = '-H "Authorization: Bearer $KUBEDOOR_TOKEN" -H "Content-Type: application/json"'
    return f"curl -fsS -X POST {url} {head} -d {shlex.quote(json.dumps(body))}"


def _kubectl(env: str, items: Sequence[Advice]) -> str:
    counts = [one for one in items if not one.of_least]
    lines = [
        "#!/bin/sh",
        f"# Advice on pod counts of {env}.",
        *(f"# {one}" for one in OVERRULED),
        "set -eu",
        "",
    ]
    if counts:
        lines += [_call(env, counts), ""]
    lines += [_command(one) for one in items]
    return "\n".join(lines) + "\n"


def _command(one: Advice) -> str:
    where, count = f"-n {shlex.quote(one.namespace)}", one.replicas_advised
    why = f" # now {one.replicas_now}, needed {one.replicas_needed} because of {one.binding}"
    if one.of_least:
        return (
            f"# {one.namespace}/{one.name}: set minReplicas of its autoscaler to {count};"
            f" now {one.replicas_now}, needed {one.replicas_needed} because of {one.binding}"
        )
    return f"kubectl {where} scale deployment/{shlex.quote(one.name)} --replicas={count}{why}"


def _yaml(env: str, items: Sequence[Advice]) -> str:
    counts = [one for one in items if not one.of_least]
    head = [f"# Advice on pod counts of {env}.", *(f"# {one}" for one in OVERRULED)]
    head += [f"# {_call(env, counts)}"] if counts else []
    head += [_command(one) for one in items if one.of_least]
    documents = [
        dump(
            {
                "apiVersion": "apps/v1",
                "kind": one.kind,
                "metadata": {"name": one.name, "namespace": one.namespace},
                "spec": {"replicas": one.replicas_advised},
            },
        )
        for one in counts
    ]
    return "\n".join(head) + "\n" + "---\n".join(documents)


WRITERS = {"kubectl": _kubectl, "csv": _csv, "yaml": _yaml}
