"""What every handler may use: built once by the app factory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kubedoor_api.auth.people import Everybody, Owned
from kubedoor_api.http.computing import Computing
from kubedoor_api.http.sharing import Polls, Sharing
from kubedoor_core.prometheus import Pool

if TYPE_CHECKING:
    from kubedoor_api.audit.recorder import Recorder
    from kubedoor_api.kube.clusters import Clusters
    from kubedoor_api.leader.leadership import Leadership
    from kubedoor_api.notifications.sender import Sender
    from kubedoor_api.operations.executor import Wake
    from kubedoor_api.settings import ApiSettings
    from kubedoor_api.store.writer import Writer
    from kubedoor_core.clickhouse import ClickHouse


@dataclass(frozen=True)
class Context:
    """The parts that live as long as the app."""

    settings: ApiSettings
    clickhouse: ClickHouse
    writer: Writer
    clusters: Clusters
    recorder: Recorder
    sender: Sender
    wake: Wake
    leadership: Leadership
    sharing: Sharing = field(default_factory=Sharing)
    prometheus: Pool = field(default_factory=Pool)
    computing: Computing = field(default_factory=Computing)
    people: Owned = field(default_factory=Everybody)
    polls: Polls = field(default_factory=Polls)
