"""Which container a JVM is of, also where its series name none."""

from __future__ import annotations

from collections import Counter

from kubedoor_collector.domain.jvm.figures import Container, ContainerOf
from kubedoor_collector.domain.leaving_out import LeftOut
from kubedoor_collector.domain.services import Services
from kubedoor_core.domain.workload import ServiceKey


class Containers:
    """Finds containers; keeps account of those that had to be guessed, and of pods that nothing tells of."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._guessed: set[ServiceKey] = set()
        self._unknown: dict[tuple[str, str], set[str]] = {}

    def of(self, source: str) -> ContainerOf:
        """Return what finds the containers that a library tells of."""

        def container_of(namespace: str, pod: str, container: str) -> Container | None:
            service = self._services.find(namespace, "", pod)
            if service is None:
                if not self._services.knows(namespace, "", pod):
                    self._unknown.setdefault((namespace, source), set()).add(pod)
                return None
            return service, self._name(service, container)

        return container_of

    def _name(self, service: ServiceKey, container: str) -> str:
        """Return the container of this label, else the one with most memory."""
        names = self._services.containers.get(service, ())
        if container in names or not names:
            return container
        if len(names) > 1:
            self._guessed.add(service)
        return names[0]

    def left_out(self) -> list[LeftOut]:
        """Return what is not as it should be."""
        guessed = Counter((namespace, name) for namespace, _, name in self._guessed)
        return [
            *(LeftOut("jvm_container", *place, count) for place, count in sorted(guessed.items())),
            *(
                LeftOut("counter_unknown_pod", namespace, source, len(pods))
                for (namespace, source), pods in sorted(self._unknown.items())
            ),
        ]
