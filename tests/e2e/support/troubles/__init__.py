"""What goes wrong in clusters: how each comes about on a real control plane, and how it must be found."""

from e2e.support.troubles.of_control import BY_CONTROL
from e2e.support.troubles.of_nodes import ON_NODES
from e2e.support.troubles.of_pods import IN_PODS
from e2e.support.troubles.of_room import FOR_WANT_OF_ROOM
from e2e.support.troubles.trouble import Found, Scene, Trouble

TROUBLES: tuple[Trouble, ...] = (*IN_PODS, *FOR_WANT_OF_ROOM, *BY_CONTROL, *ON_NODES)

__all__ = ["TROUBLES", "Found", "Scene", "Trouble"]
