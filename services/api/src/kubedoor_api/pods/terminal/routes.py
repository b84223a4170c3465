"""The endpoints of terminals: one that was asked for as an action is opened once, and renewed."""

from __future__ import annotations

from datetime import UTC, datetime

from kubedoor_api.access.roles import Role
from kubedoor_api.pods import repository, serializers
from kubedoor_api.pods.action import PodAction
from kubedoor_api.pods.models import ActionPath, PodActionView
from kubedoor_api.pods.preview import authorize_action
from kubedoor_api.pods.repository import POD_ACTIONS
from kubedoor_api.pods.terminal.ending import LASTS
from kubedoor_api.pods.terminal.session import Terminal, TerminalNotice
from kubedoor_api.web.endpoint import Call, Channel, endpoint
from kubedoor_api.web.fields import Nothing

PATH = "/envs/{env}/pod-actions/{id}/terminal"


async def _own(call: Call[ActionPath, Nothing, Nothing], state: str) -> PodAction:
    """Return a terminal that the caller has asked for, and may still have.

    :raises Problem: 404, 403; 409 where it is not in a state, or somebody else's.
    """
    action = await POD_ACTIONS.load(call.context, call.path.env, call.path.id)
    authorize_action(call.caller, call.context, action.env, action.kind, action.namespace)
    own = action.requested_by == call.caller.principal.name
    if action.kind != "terminal" or action.state != state or not own:
        raise repository.no_terminal(action)
    return action


@endpoint(
    "GET",
    PATH,
    tag="pods",
    role=Role.OPERATOR,
    status=101,
    by_target=True,
    conflicts=True,
    event_model=TerminalNotice,
)
async def open_terminal(call: Call[ActionPath, Nothing, Nothing]) -> Channel:
    """Open a terminal that was asked for: a WebSocket.

    Whoever has asked for it opens it, once, within a minute; takes the right `exec`. Binary messages are
    what is typed, up to 64 KiB each, and what is shown. Texts are JSON: the viewer sends `columns` and
    `rows`, and in `seen` how many bytes it has shown, ahead of which no more than 256 KiB are sent; it gets
    a `TerminalNotice`. Ends after 10 minutes without a key, after an hour, and two minutes after it was
    renewed last. 409 where it is open already, over or somebody else's; 426 without an upgrade.
    """
    terminal = Terminal(call.context, await _own(call, "waiting"))
    return Channel(terminal.open, terminal.run)


@endpoint("POST", PATH, tag="pods", role=Role.OPERATOR, by_target=True, conflicts=True, audited=False)
async def renew_terminal(call: Call[ActionPath, Nothing, Nothing]) -> PodActionView:
    """Have an open terminal last two minutes from now.

    Whoever looks at it says so every half minute, signed in and with the right `exec` as ever; who is not
    any more loses it. 409 where it is over.
    """
    action = await _own(call, "open")
    renewed = await repository.turn(call.context, action, expires_at=datetime.now(UTC) + LASTS)
    return serializers.view_of(renewed)
