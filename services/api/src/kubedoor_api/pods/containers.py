"""Commands in a pod's container, for an action that is bound to the pod's uid."""

from __future__ import annotations

from kubedoor_api.kube import commands as kube
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.commands import ContainerRef, ExecError, ExecReason, Output
from kubedoor_api.kube.objects.pods import Pod
from kubedoor_api.kube.pods import find
from kubedoor_api.pods.action import ActionReason, FailedError
from kubedoor_api.pods.jvm import FIND, Jvm, jvms_of
from kubedoor_api.web.endpoint import Context

DEFAULT = "kubectl.kubernetes.io/default-container"
COMMAND_S = 60.0
MAX_BYTES = 2 << 20
"""Of what one command writes."""
OF_COMMAND: dict[ExecReason, ActionReason] = {
    "not_started": "no_tools", "too_much": "too_large", "cut": "cut", "timeout": "timeout",
}  # fmt: skip
"""Why an action fails whose command in the container was not run to its end."""


def containers_of(pod: Pod) -> list[str]:
    """Return the names of a pod's containers, in its order."""
    return [str(one["name"]) for one in (pod.get("spec") or {}).get("containers") or []]


def main_container(pod: Pod, asked: str) -> str:
    """Return the container that is meant: the one that is asked for, else that which kubectl takes.

    :raises FailedError: `no_container`, there is none of the name, or it does not run.
    """
    names = containers_of(pod)
    default = (pod["metadata"].get("annotations") or {}).get(DEFAULT, "")
    name = asked or (default if default in names else names[0])
    if name not in names:
        raise FailedError("no_container", f"it has no container {name}; there are {', '.join(names)}")
    statuses = (pod.get("status") or {}).get("containerStatuses") or []
    states = {str(one.get("name")): one.get("state") or {} for one in statuses}
    if name in states and "running" not in states[name]:
        raise FailedError("no_container", f"its container {name} does not run now")
    return name


class Inside:
    """A container of one pod, and no other pod of its name."""

    def __init__(self, context: Context, where: ContainerRef, uid: str) -> None:
        self.context = context
        self.clusters = context[Clusters]
        self.where = where
        self._uid = uid

    async def require_same(self) -> Pod:
        """Return the pod.

        Commands are bound to a name alone: the uid is looked at before and after what is asked.

        :raises FailedError: it is gone.
        """
        where = self.where
        pod = await find(self.clusters, where.env, where.namespace, where.pod, self._uid)
        if pod is None:
            raise FailedError("gone_already", "the pod is gone, or another one has its name")
        return pod

    async def run(self, *argv: str, timeout_s: float = COMMAND_S, max_bytes: int = MAX_BYTES) -> Output:
        """Run a command, and return what it wrote.

        :raises ExecError: it could not be started, or exceeded a bound.
        :raises AskingError: the cluster refuses.
        """
        return await kube.run(self.clusters, self.where, argv, timeout_s, max_bytes)

    async def jvms(self) -> list[Jvm]:
        """Return the JVMs that run in it; where the image has no shell, the JDK's own tool tells of them.

        :raises FailedError: neither is there.
        :raises AskingError: the cluster refuses.
        """
        try:
            return jvms_of((await self.run("sh", "-c", FIND)).out)
        except ExecError as no_shell:
            try:
                told = await self.run("jcmd", "-l")
            except ExecError as error:
                words = f"the image has neither a shell ({no_shell}) nor jcmd ({error})"
                raise FailedError("no_jvm", words) from error
            lines = [line.partition(" ") for line in told.out.decode(errors="replace").splitlines()]
            found = [Jvm(int(pid), "", main.split(" ")[0]) for pid, _, main in lines if pid.isdecimal()]
            return [one for one in found if not one.main.startswith("jdk.jcmd/")]

    async def jvm(self, pid: int | None) -> Jvm:
        """Return the JVM that is meant.

        :param pid: of which; None: the only one.
        :raises FailedError: `no_jvm`, `several_jvms` with what may be chosen.
        :raises AskingError: the cluster refuses.
        """
        found = await self.jvms()
        chosen = [one for one in found if pid in {None, one.pid}]
        if not chosen:
            which = f"with the process id {pid}" if pid else "(no process named java)"
            raise FailedError("no_jvm", f"no JVM {which} runs in the container {self.where.container}")
        if len(chosen) > 1:
            listed = [{"pid": one.pid, "main": one.main} for one in chosen]
            named = ", ".join(f"{one.pid} ({one.main})" for one in chosen)
            raise FailedError(
                "several_jvms", f"several JVMs run in it: choose one by its pid: {named}", {"jvms": listed}
            )
        return chosen[0]
