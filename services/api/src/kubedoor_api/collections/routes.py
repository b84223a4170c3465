"""The endpoints of collections."""

from kubedoor_api.access.roles import Role
from kubedoor_api.collections import service
from kubedoor_api.collections.models import (
    CollectionDetails,
    CollectionList,
    CollectionPath,
    CollectionQuery,
    NewCollection,
)
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing

COLLECTION = "/envs/{env}/collections"


@endpoint("GET", COLLECTION, tag="collections", role=Role.VIEWER)
async def list_collections(call: Call[EnvPath, CollectionQuery, Nothing]) -> CollectionList:
    """List the collections of an env, the latest first."""
    return await service.list_collections(call.context, call.path.env, call.query)


@endpoint("POST", COLLECTION, tag="collections", role=Role.OPERATOR, status=202)
async def request_collection(call: Call[EnvPath, Nothing, NewCollection]) -> CollectionDetails:
    """Ask for days to be collected.

    The collector takes the request up within seconds; its progress shows in the answer of
    `getCollection`. Days whose window is not over are refused. A day of which the store has clearly fewer
    samples by now keeps what it had, unless it is one of `dates`.
    """
    return await service.request(call)


@endpoint("GET", COLLECTION + "/{id}", tag="collections", role=Role.VIEWER)
async def get_collection(call: Call[CollectionPath, Nothing, Nothing]) -> CollectionDetails:
    """Show one collection: how far it is, and what was left out."""
    return await service.get(call.context, call.path)
