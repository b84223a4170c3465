"""The simulated cluster's own tests, the very same bodies, on a real control plane."""

from __future__ import annotations

from e2e.parity.cases import cases

globals().update(cases())
