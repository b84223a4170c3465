"""The limit to measure admission against: a bare aiohttp TLS handler that parses with orjson and answers."""

from __future__ import annotations

import ssl
import sys

import orjson
from aiohttp import web


async def mutate(request: web.Request) -> web.Response:
    """Allow everything."""
    review = orjson.loads(await request.read())
    response = {"uid": review["request"]["uid"], "allowed": True}
    answer = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": response}
    return web.Response(body=orjson.dumps(answer), content_type="application/json")


async def healthz(_: web.Request) -> web.Response:
    """Answer that it is up."""
    return web.Response(text="ok")


def main() -> None:
    """Serve: `bare.py PORT CERT_FILE KEY_FILE`."""
    port, cert_file, key_file = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert_file, key_file)
    app = web.Application()
    app.router.add_post("/mutate", mutate)
    app.router.add_get("/healthz", healthz)
    web.run_app(app, host="127.0.0.1", port=port, ssl_context=context, print=None, access_log=None)


if __name__ == "__main__":
    main()
