"""Every endpoint that the API serves and documents, in the document's order."""

from kubedoor_api.admission import decisions, drift, export, mode, preview
from kubedoor_api.advice import accepting, instructions
from kubedoor_api.advice import routes as advice
from kubedoor_api.advice.outcomes import routes as outcomes
from kubedoor_api.ai import routes as ai
from kubedoor_api.alerts import routes as alerts
from kubedoor_api.audit import routes as audit
from kubedoor_api.auth import routes as auth
from kubedoor_api.collections import routes as collections
from kubedoor_api.control import bulk, history, services
from kubedoor_api.envs import routes as envs
from kubedoor_api.findings import routes as findings
from kubedoor_api.fleet import routes as fleet
from kubedoor_api.kube_events import routes as kube_events
from kubedoor_api.leader import leadership as leader
from kubedoor_api.nodes import control as node_control
from kubedoor_api.nodes import plan as node_plan
from kubedoor_api.nodes import routes as nodes
from kubedoor_api.nodes.actions import routes as node_actions
from kubedoor_api.notifications import routes as notifications
from kubedoor_api.now import routes as now
from kubedoor_api.operations import routes as operations
from kubedoor_api.pods import logs as pod_logs
from kubedoor_api.pods import routes as pods
from kubedoor_api.pods.terminal import routes as terminals
from kubedoor_api.schedules import routes as schedules
from kubedoor_api.settings import routes as settings
from kubedoor_api.statistics import overview, pod_metrics
from kubedoor_api.statistics.daily import routes as daily
from kubedoor_api.statistics.peak_hours import routes as peak_hours
from kubedoor_api.statistics.replay import routes as replay
from kubedoor_api.statistics.report import routes as report
from kubedoor_api.statistics.score import routes as score
from kubedoor_api.statistics.totals import routes as totals
from kubedoor_api.tokens import routes as tokens
from kubedoor_api.web.endpoint import Endpoint, endpoints_of
from kubedoor_api.workloads import labels, room
from kubedoor_api.workloads import live as workloads

ENDPOINTS: tuple[Endpoint, ...] = endpoints_of(
    auth,
    envs,
    fleet,
    leader,
    services,
    bulk,
    history,
    labels,
    overview,
    totals,
    report,
    room,
    daily,
    pod_metrics,
    peak_hours,
    replay,
    score,
    advice,
    accepting,
    instructions,
    outcomes,
    collections,
    mode,
    workloads,
    now,
    node_plan,
    nodes,
    node_control,
    node_actions,
    pod_logs,
    pods,
    terminals,
    alerts,
    findings,
    kube_events,
    drift,
    schedules,
    preview,
    export,
    operations,
    decisions,
    settings,
    audit,
    tokens,
    notifications,
    ai,
)
