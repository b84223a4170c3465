"""Every operation that the API serves and documents, in the document's order."""

from kubedoor_api.admissions import routes as admissions
from kubedoor_api.audit import routes as audit
from kubedoor_api.bulk import routes as bulk
from kubedoor_api.capacity import routes as capacity
from kubedoor_api.collections import routes as collections
from kubedoor_api.curves import routes as curves
from kubedoor_api.envs import routes as envs
from kubedoor_api.history import routes as history
from kubedoor_api.http.operation import Operation
from kubedoor_api.leader import routes as leader
from kubedoor_api.left_behind import routes as left_behind
from kubedoor_api.live import routes as live
from kubedoor_api.me import routes as me
from kubedoor_api.modes import routes as modes
from kubedoor_api.notifications import routes as notifications
from kubedoor_api.operations import routes as operations
from kubedoor_api.peaks import routes as peaks
from kubedoor_api.preferences import routes as preferences
from kubedoor_api.preview import routes as preview
from kubedoor_api.schedules import routes as schedules
from kubedoor_api.services import routes as services
from kubedoor_api.statistics import routes as statistics
from kubedoor_api.tokens import routes as tokens

OPERATIONS: tuple[Operation, ...] = (
    *me.OPERATIONS,
    *envs.OPERATIONS,
    *leader.OPERATIONS,
    *services.OPERATIONS,
    *bulk.OPERATIONS,
    *history.OPERATIONS,
    *statistics.OPERATIONS,
    *capacity.OPERATIONS,
    *peaks.OPERATIONS,
    *curves.OPERATIONS,
    *collections.OPERATIONS,
    *modes.OPERATIONS,
    *live.OPERATIONS,
    *schedules.OPERATIONS,
    *preview.OPERATIONS,
    *operations.OPERATIONS,
    *admissions.OPERATIONS,
    *preferences.OPERATIONS,
    *audit.OPERATIONS,
    *tokens.OPERATIONS,
    *left_behind.OPERATIONS,
    *notifications.OPERATIONS,
)
