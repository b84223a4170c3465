"""A small real webhook over TLS, that answers as a test says and keeps what it was sent."""

from __future__ import annotations

import base64
import contextlib
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from kubedoor_dev.certificates import LOCAL, Authority

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]
Answer = Callable[[Json], Awaitable[web.StreamResponse]]

SERVICE_NAME = "webhook.kubedoor.svc"


def review_of(request: Json, **response: Any) -> web.Response:
    """An AdmissionReview that allows, unless `response` says otherwise."""
    body = {"uid": request["uid"], "allowed": True, **response}
    review = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": body}
    return web.json_response(review)


def encoded(patch: Any) -> Json:
    """The part of a response that carries a patch."""
    return {"patchType": "JSONPatch", "patch": base64.b64encode(json.dumps(patch).encode()).decode()}


class Hook:
    """`answer` makes the answer to a request; `requests` are those that came."""

    def __init__(self, authority: Authority) -> None:
        self.requests: list[Json] = []
        self.http: list[web.Request] = []
        self.port = 0
        self._authority = authority
        self.says()

    def says(self, **response: Any) -> None:
        """Answer every request with this response."""

        async def answer(request: Json) -> web.StreamResponse:
            return review_of(request, **response)

        self.answer: Answer = answer

    def patches(self, *operations: Json) -> None:
        """Allow every request with this patch."""
        self.says(**encoded(list(operations)))

    def fails(self, *answers: web.Response) -> None:
        """Give these answers first, then allow."""
        left = list(answers)

        async def answer(request: Json) -> web.StreamResponse:
            return left.pop(0) if left else review_of(request)

        self.answer = answer

    @property
    def url(self) -> str:
        """Where it is."""
        return f"https://127.0.0.1:{self.port}/mutate"

    @property
    def ca_bundle(self) -> str:
        """What to trust, as a configuration carries it."""
        return base64.b64encode(self._authority.certificate_pem).decode()

    def configuration(self, name: str = "hook.kubedoor.test", **fields: Any) -> Json:
        """A configuration that sends it all writes of Deployments and their scale in all namespaces."""
        rule = {
            "operations": ["CREATE", "UPDATE"],
            "apiGroups": ["apps"],
            "apiVersions": ["v1"],
            "resources": ["deployments", "deployments/scale"],
        }
        rule |= {key: fields.pop(key) for key in list(fields) if key in rule}
        webhook = {
            "name": name,
            "clientConfig": {"url": self.url, "caBundle": self.ca_bundle},
            "rules": [rule],
            "admissionReviewVersions": ["v1"],
            "sideEffects": "None",
            **fields,
        }
        return {"metadata": {"name": name}, "webhooks": [webhook]}

    @contextlib.asynccontextmanager
    async def serve(self, folder: Path, client_authority: Authority | None = None) -> AsyncIterator[Hook]:
        """Serve on a free port with a certificate for 127.0.0.1 and a Service's name.

        :param client_authority: whose certificate a client has to show.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate = self._authority.server([*LOCAL, SERVICE_NAME])
        context.load_cert_chain(*certificate.write(folder))
        if client_authority:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(cadata=client_authority.certificate_pem.decode())
        app = web.Application()
        app.router.add_post("/mutate", self._mutate)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
        await site.start()
        self.port = site.port
        try:
            yield self
        finally:
            for connection in runner.server.connections if runner.server else []:
                if connection.transport:
                    connection.transport.abort()  # the API server would keep it open for longer than the loop
            await runner.cleanup()

    async def _mutate(self, request: web.Request) -> web.StreamResponse:
        review = await request.json()
        assert (review["apiVersion"], review["kind"]) == ("admission.k8s.io/v1", "AdmissionReview")
        self.requests.append(review["request"])
        self.http.append(request)
        return await self.answer(review["request"])
