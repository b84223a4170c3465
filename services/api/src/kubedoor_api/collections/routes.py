"""The endpoints of collections."""

from kubedoor_api.auth.roles import Role
from kubedoor_api.collections import service
from kubedoor_api.collections.models import (
    CollectionDetails,
    CollectionList,
    CollectionPath,
    CollectionQuery,
    NewCollection,
)
from kubedoor_api.http.fields import EnvPath, Nothing
from kubedoor_api.http.operation import Call, Operation, operation


async def list_collections(call: Call[EnvPath, CollectionQuery, Nothing]) -> CollectionList:
    """List the collections of an env, the latest first."""
    return await service.list_collections(call.context, call.path.env, call.query)


async def request_collection(call: Call[EnvPath, Nothing, NewCollection]) -> CollectionDetails:
    """Ask for days to be collected.

    The collector takes the request up within seconds; its progress shows in the answer of
    `getCollection`. Days whose window is not over are refused. A day of which the store has clearly fewer
    samples by now keeps what it had, unless it is one of `dates`.
    """
    return await service.request(call)


async def get_collection(call: Call[CollectionPath, Nothing, Nothing]) -> CollectionDetails:
    """Show one collection: how far it is, and what was left out."""
    return await service.get(call.context, call.path)


COLLECTION = "/envs/{env}/collections"

OPERATIONS: tuple[Operation, ...] = (
    operation("GET", COLLECTION, list_collections, tag="collections", role=Role.VIEWER),
    operation("POST", COLLECTION, request_collection, tag="collections", role=Role.OPERATOR, status=202),
    operation("GET", COLLECTION + "/{id}", get_collection, tag="collections", role=Role.VIEWER),
)
