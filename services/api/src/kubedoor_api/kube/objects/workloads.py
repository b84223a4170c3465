"""Deployments, and what steers them."""

from __future__ import annotations

from typing import TypedDict

from kubedoor_api.kube.objects.meta import Condition, KubeObject, LabelSelector, TargetReference
from kubedoor_api.kube.objects.pods import PodTemplate


class RollingUpdate(TypedDict, total=False):
    """How many pods more than there should be a rollout makes: a number or a share, such as `25%`."""

    maxSurge: int | str


class Strategy(TypedDict, total=False):
    """How a Deployment's pods are replaced."""

    type: str
    rollingUpdate: RollingUpdate


class DeploymentSpec(TypedDict, total=False):
    """What a Deployment is to be."""

    replicas: int
    paused: bool
    selector: LabelSelector
    strategy: Strategy
    template: PodTemplate


class DeploymentStatus(TypedDict, total=False):
    """How a Deployment is."""

    observedGeneration: int
    replicas: int
    updatedReplicas: int
    readyReplicas: int
    availableReplicas: int
    unavailableReplicas: int
    conditions: list[Condition]


class Deployment(KubeObject, total=False):
    """A Deployment."""

    spec: DeploymentSpec
    status: DeploymentStatus


class ScaleSpec(TypedDict, total=False):
    """The count that is asked for."""

    replicas: int


class Scale(TypedDict, total=False):
    """The count of a Deployment, as the subresource `scale` has it."""

    spec: ScaleSpec


class ReplicaSetSpec(TypedDict, total=False):
    """What a ReplicaSet is to be."""

    replicas: int
    selector: LabelSelector
    template: PodTemplate


class ReplicaSet(KubeObject, total=False):
    """A ReplicaSet."""

    spec: ReplicaSetSpec


class MetricTarget(TypedDict, total=False):
    """What an autoscaler keeps a metric at."""

    averageUtilization: int


class MetricSource(TypedDict, total=False):
    """A resource that an autoscaler goes by."""

    name: str
    target: MetricTarget


class Metric(TypedDict, total=False):
    """One metric of an autoscaler."""

    resource: MetricSource
    containerResource: MetricSource


class AutoscalerSpec(TypedDict, total=False):
    """What an autoscaler is to do."""

    scaleTargetRef: TargetReference
    minReplicas: int
    maxReplicas: int
    metrics: list[Metric]


class AutoscalerStatus(TypedDict, total=False):
    """What an autoscaler sees and wants."""

    currentReplicas: int
    desiredReplicas: int


class HorizontalPodAutoscaler(KubeObject, total=False):
    """A HorizontalPodAutoscaler."""

    spec: AutoscalerSpec
    status: AutoscalerStatus


class UpdatePolicy(TypedDict, total=False):
    """How a VerticalPodAutoscaler brings its recommendation about."""

    updateMode: str


class VerticalSpec(TypedDict, total=False):
    """What a VerticalPodAutoscaler is to do."""

    targetRef: TargetReference
    updatePolicy: UpdatePolicy


class VerticalPodAutoscaler(KubeObject, total=False):
    """A VerticalPodAutoscaler."""

    spec: VerticalSpec


class BudgetSpec(TypedDict, total=False):
    """How many pods must stay, or may go: a number or a share, such as `25%`."""

    minAvailable: int | str
    maxUnavailable: int | str
    selector: LabelSelector


class BudgetStatus(TypedDict, total=False):
    """How many pods may go now."""

    disruptionsAllowed: int


class PodDisruptionBudget(KubeObject, total=False):
    """A PodDisruptionBudget."""

    spec: BudgetSpec
    status: BudgetStatus
