"""The OpenAPI document, built from the very endpoints that serve."""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

from openapi_pydantic import (
    Components,
    Contact,
    Header,
    Info,
    License,
    MediaType,
    OpenAPI,
    Parameter,
    PathItem,
    Reference,
    RequestBody,
    Response,
    Schema,
    SecurityScheme,
    Tag,
)
from openapi_pydantic import Operation as Described
from openapi_pydantic.v3.v3_1.parameter import ParameterLocation
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue, models_json_schema

from kubedoor_api.endpoints import ENDPOINTS
from kubedoor_api.web.endpoint import Endpoint
from kubedoor_api.web.field_docs import field_docs
from kubedoor_api.web.fields import Model
from kubedoor_core.problem_codes import FieldCode, ProblemCode


class FieldProblem(Model):
    """One wrong field."""

    field: str
    """Where it is, such as `containers.0.limit_cpu_m`"""
    reason: str
    """Why it was not taken, and what would be"""
    code: FieldCode
    """The kind of fault, such as `missing` or `greater_than_equal`; `not_taken`: only the reason tells"""
    parameters: dict[str, Any]
    """What the kind of fault is about, such as `{"ge": 0}`"""


class ProblemDocument(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str
    """`about:blank`: the status says the kind"""
    title: str
    """The status in words"""
    status: int
    """HTTP status"""
    detail: str
    """One sentence for a person: what is wrong and what to do"""
    code: ProblemCode
    """The kind of refusal: `no_cluster`, `operation_ended`, ...; where the status says all, a word for it"""
    parameters: dict[str, Any]
    """What the detail is about, by name: the `role` that a 403 takes, the `part` that a 503 lacks"""
    errors: list[FieldProblem] | None = None
    """The fields that are wrong"""
    current: dict[str, Any] | None = None
    """With 412: what stands now, as its GET answers it"""


BODY_TYPES: dict[str, list[str]] = {
    "application/json": ["array", "object"],
    "application/yaml": ["array", "object", "null"],
}
"""What a body without a model is once it is parsed; the others are text. YAML of comments alone is null."""
TEMPLATE = "#/components/schemas/{model}"
TAGS = {
    "me": "The signed-in user.",
    "envs": "The clusters that are known.",
    "services": "The control table: what each service is allowed, and what it uses at its peak.",
    "statistics": "Peaks added up: the whole env, namespaces, services over time.",
    "advice": "How many pods services should have, and why; accepted or dismissed.",
    "operations": "Scaling and restarting services, now or by a schedule, and the way back.",
    "nodes": "Nodes: what each gives, is asked for and uses, and how few would do.",
    "now": "What is going on: nodes, pods and services as the store of metrics tells them.",
    "events": "What Kubernetes tells of its objects, kept for 90 days.",
    "findings": "What is wrong in an env, why, and what was changed before.",
    "pods": "Single pods: their logs, and what is done to them by hand.",
    "alerts": "What Alertmanager and scripts send: by day and service, acknowledged.",
    "collections": "Asking for days to be collected, and seeing what became of it.",
    "mode": "The admission mode: off, observe or enforce.",
    "schedules": "Operations that begin by themselves, once or again and again.",
    "notifications": "Messages to the team's chat.",
    "tokens": "Credentials of scripts.",
    "audit": "Who did what, in one chain.",
    "admission": "What admission decided, would decide, and what passed it by.",
    "settings": "What can be changed here instead of in the environment.",
    "ai": "A model that explains and reviews within bounds, where one is configured.",
}
PROBLEMS = {
    "400": "The request is invalid: `errors` names each field and why.",
    "401": "No valid token: sign in.",
    "403": "Your role doesn't allow it, or the request came from another site.",
    "404": "There is no such thing.",
    "409": "It is there already, or its state doesn't allow it.",
    "412": "Somebody else was faster: `current` holds what stands now.",
    "413": "The body is too large.",
    "415": "The body is not of a type that is taken.",
    "426": "It is a WebSocket, and was not asked for as one.",
    "428": "If-Match is missing.",
    "429": "Too much of this is being worked on: try again after `Retry-After` seconds.",
    "502": "The cluster refused what is needed: `detail` has its words.",
    "503": "A part that is needed can't be reached: try again after `Retry-After` seconds.",
}


class _Untitled(GenerateJsonSchema):
    """JSON schemas with what stands under the fields, without the titles that only repeat the names."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401 pydantic's own signature
        del schema
        return False

    def model_schema(self, schema: Any) -> JsonSchemaValue:  # noqa: ANN401 pydantic's own signature
        made = super().model_schema(schema)
        made.pop("title", None)
        properties, model = made.get("properties", {}), schema["cls"]
        for name, text in field_docs(model).items():
            key = model.model_fields[name].alias or name
            if key in properties:
                properties[key].setdefault("description", text)
        return made


class _WithoutDefaults(_Untitled):
    """For bodies: a field that is left out of a PATCH stays as it is, whatever the default."""

    def default_schema(self, schema: Any) -> JsonSchemaValue:  # noqa: ANN401 pydantic's own signature
        return self.generate_inner(schema["schema"])


def _reference(model: type[BaseModel]) -> Reference:
    return Reference.model_validate({"$ref": TEMPLATE.format(model=model.__name__)})


def _parameters(model: type[BaseModel], in_path: bool) -> list[Parameter | Reference]:
    schema = model.model_json_schema(ref_template=TEMPLATE, schema_generator=_Untitled)
    required = schema.get("required", [])
    return [
        Parameter(
            name=name,
            **{"in": ParameterLocation.PATH if in_path and name in required else ParameterLocation.QUERY},
            required=name in required,
            description=value.pop("description", None),
            param_schema=Schema.model_validate(value),
        )
        for name, value in schema.get("properties", {}).items()
    ]


IF_MATCH = Parameter(
    name="If-Match",
    **{"in": ParameterLocation.HEADER},
    required=True,
    description="The `version` that the change is based on, in double quotes or plain",
    param_schema=Schema.model_validate({"type": "string", "pattern": r'^("[0-9]{1,20}"|[0-9]{1,20})$'}),
)


def _success(endpoint: Endpoint) -> Response:
    headers: dict[str, Header | Reference] = {}
    if endpoint.etag:
        headers["ETag"] = Header(
            description="The version, for If-Match", param_schema=Schema.model_validate({"type": "string"})
        )
    if endpoint.answer_model:
        content = {"application/json": MediaType(media_type_schema=_reference(endpoint.answer_model))}
    else:
        content = {}
        for name in endpoint.media_types if endpoint.status not in {101, 204} else ():
            told: dict[str, object] = {"type": BODY_TYPES.get(name, "string")}
            if endpoint.event_model:  # a stream of events, the data of each of which is JSON of a model
                told |= {"description": "The data of each event", "contentMediaType": "application/json"}
                told["contentSchema"] = {"$ref": TEMPLATE.format(model=endpoint.event_model.__name__)}
            content[name] = MediaType(media_type_schema=Schema.model_validate(told))
        if endpoint.event_model and endpoint.status == 101:  # what each text that comes over it is
            content["application/json"] = MediaType(media_type_schema=_reference(endpoint.event_model))
    return Response(description="Done", content=content or None, headers=headers or None)


def _described(endpoint: Endpoint) -> Described:
    parameters = [
        *_parameters(endpoint.path_model, in_path=True),
        *_parameters(endpoint.query_model, in_path=False),
        *([IF_MATCH] if endpoint.if_match else []),
    ]
    responses: dict[str, Response | Reference] = {str(endpoint.status): _success(endpoint)}
    problem = {"application/problem+json": MediaType(media_type_schema=_reference(ProblemDocument))}
    codes = ["400", "401", "403", "404", "503"]
    codes += ["502"] if "{env}" in endpoint.path else []
    codes += ["412", "428"] if endpoint.if_match else []
    codes += ["409"] if endpoint.conflicts else []
    codes += ["426"] if endpoint.status == 101 else []
    codes += ["413", "415", "429"] if endpoint.body_model else []
    for code in sorted(codes):
        responses[code] = Response(description=PROBLEMS[code], content=problem)
    body = None
    if endpoint.body_model:
        content = {
            name: MediaType(media_type_schema=_reference(endpoint.body_model)) for name in endpoint.body_types
        }
        body = RequestBody(required=True, content=content, description=endpoint.body_model.__doc__)
    return Described(
        operationId=endpoint.id,
        summary=endpoint.summary,
        description=f"{endpoint.description} Requires the role {endpoint.role.value}.",
        tags=[endpoint.tag],
        parameters=parameters or None,
        requestBody=body,
        responses=responses,
        security=[{"token": []}],
    )


@cache
def document(endpoints: tuple[Endpoint, ...] = ENDPOINTS) -> dict[str, Any]:
    """Build the OpenAPI 3.1 document."""
    paths: dict[str, dict[str, Described]] = {}
    used: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(ProblemDocument, "serialization"): None}
    for endpoint in endpoints:
        if endpoint.body_model:
            used[(endpoint.body_model, "validation")] = None
        for model in (endpoint.answer_model, endpoint.event_model):
            if model:
                used[(model, "serialization")] = None
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _described(endpoint)
    _, made = models_json_schema(list(used), ref_template=TEMPLATE, schema_generator=_WithoutDefaults)
    schemas = sorted(made.get("$defs", {}).items())
    built = OpenAPI(
        openapi="3.1.1",
        info=Info(
            title="KubeDoor",
            version="1.0.0",
            description="Everything that a person or script does with KubeDoor. Errors are"
            " `application/problem+json` (RFC 9457). Times are UTC; `date` is the local day on which a"
            " peak window began; unknown is null.",
            license=License(name="Apache-2.0", identifier="Apache-2.0"),
            contact=Contact(name="KubeDoor"),
        ),
        tags=[Tag(name=name, description=text) for name, text in TAGS.items()],
        paths={path: PathItem.model_validate(methods) for path, methods in paths.items()},
        components=Components(
            schemas={name: Schema.model_validate(schema) for name, schema in schemas},
            securitySchemes={
                "token": SecurityScheme(
                    type="http",
                    scheme="bearer",
                    bearerFormat="JWT",
                    description="nginx signs people in (Basic) and passes a short-lived token on; scripts"
                    " send an API token in the same place",
                )
            },
        ),
    )
    dumped: dict[str, Any] = json.loads(built.model_dump_json(by_alias=True, exclude_none=True))
    return dumped


def main() -> None:
    """Write the document to the file that the command line names."""
    Path(sys.argv[1]).write_text(
        json.dumps(document(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
