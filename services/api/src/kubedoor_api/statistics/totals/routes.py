"""The endpoints of statistics."""

from kubedoor_api.access.roles import Role
from kubedoor_api.statistics.totals import service, sparklines
from kubedoor_api.statistics.totals.models import (
    DayQuery,
    NamespaceStatsPath,
    NamespaceTotalsList,
    Overview,
    ServiceLines,
    ServiceLinesQuery,
    ServiceTrend,
    SpanQuery,
    Top,
    TopQuery,
    Trend,
)
from kubedoor_api.web.encoded_body import EncodedBody
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing, ServicePath

ENV = "/envs/{env}"
NAMESPACE = ENV + "/namespaces/{namespace}"


@endpoint("GET", ENV + "/overview", tag="statistics", role=Role.VIEWER, by_target=True)
async def get_overview(call: Call[EnvPath, DayQuery, Nothing]) -> Overview:
    """Show an env at the peak of one day.

    All of it, or the namespaces that you may see.
    """
    return await service.overview(call.caller, call.context, call.path.env, call.query)


@endpoint("GET", ENV + "/trend", tag="statistics", role=Role.VIEWER, by_target=True)
async def get_trend(call: Call[EnvPath, SpanQuery, Nothing]) -> Trend:
    """Show an env day by day, from a day to years.

    All of it, or the namespaces that you may see.
    """
    return await service.trend(call.caller, call.context, call.path.env, call.query)


@endpoint("GET", ENV + "/top", tag="statistics", role=Role.VIEWER, by_target=True)
async def get_top(call: Call[EnvPath, TopQuery, Nothing]) -> Top:
    """Rank the services of an env that you may see at the peak of one day."""
    return await service.top(call.caller, call.context, call.path.env, call.query)


@endpoint("GET", ENV + "/namespaces", tag="statistics", role=Role.VIEWER, by_target=True)
async def list_namespaces(call: Call[EnvPath, DayQuery, Nothing]) -> NamespaceTotalsList:
    """List the namespaces of an env that you may see, with their share of the whole of these."""
    return await service.namespaces(call.caller, call.context, call.path.env, call.query)


@endpoint("GET", NAMESPACE + "/trend", tag="statistics", role=Role.VIEWER)
async def get_namespace_trend(call: Call[NamespaceStatsPath, SpanQuery, Nothing]) -> Trend:
    """Show a namespace day by day."""
    return await service.namespace_trend(call.context, call.path.env, call.path.namespace, call.query)


@endpoint("GET", ENV + "/services/{namespace}/{name}/trend", tag="statistics", role=Role.VIEWER)
async def get_service_trend(call: Call[ServicePath, SpanQuery, Nothing]) -> ServiceTrend:
    """Show one service's containers day by day: use, requests, limits, pods."""
    return await service.service_trend(call.context, call.path, call.query)


@endpoint(
    "GET", ENV + "/service-lines", tag="statistics", role=Role.VIEWER, answers=ServiceLines, by_target=True
)
async def list_service_lines(call: Call[EnvPath, ServiceLinesQuery, Nothing]) -> EncodedBody:
    """Show many services over the last peak days: P95 cpu and memory, a line each.

    All services that were seen and that you may see, or those of a namespace.
    """
    return await sparklines.lines(call.caller, call.context, call.path.env, call.query)
