"""Refuses changes that another site's page makes in the name of whoever is signed in."""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web

from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN = frozenset({"same-origin", "none"})


def refuse_cross_site(request: web.Request) -> None:
    """Let a change pass only from our own pages or from no page at all.

    Browsers send Basic credentials along with another site's requests; they also say where those
    come from (Sec-Fetch-Site, Origin), which a page can't alter. Scripts send neither.

    :raises Problem: 403.
    """
    if request.method in SAFE_METHODS:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site not in OWN:
        detail = "This change comes from another site's page and was refused"
        raise Problem(403, detail, code=ProblemCode.CROSS_SITE)
    if origin is not None and urlsplit(origin).netloc != request.headers.get("Host", ""):
        detail = f"This change comes from a page of {origin} and was refused"
        raise Problem(403, detail, code=ProblemCode.CROSS_SITE)
