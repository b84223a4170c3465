"""A real Kubernetes control plane on 127.0.0.1, from programs that are built once out of their Go modules."""

from kubedoor_dev.control_plane.assets import AssetsError, Programs, programs, programs_there
from kubedoor_dev.control_plane.plane import ControlPlane, running

__all__ = ["AssetsError", "ControlPlane", "Programs", "programs", "programs_there", "running"]
