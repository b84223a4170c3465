"""The synthetic company: what its workloads would have left in Prometheus, and what its teams asked for."""

from kubedoor_dev.metrics.company import company, scaled_company
from kubedoor_dev.metrics.manifests import deployment_manifest
from kubedoor_dev.metrics.model import Container, Flavor, Scenario, Service
from kubedoor_dev.metrics.store import build_blocks
from kubedoor_dev.metrics.traces import traced_services

__all__ = [
    "Container",
    "Flavor",
    "Scenario",
    "Service",
    "build_blocks",
    "company",
    "deployment_manifest",
    "scaled_company",
    "traced_services",
]
