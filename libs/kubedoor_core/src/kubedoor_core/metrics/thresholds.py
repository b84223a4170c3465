"""From when on a measure is wrong: one table for alert rules, findings and what an env is like now."""

from __future__ import annotations

NEAR_LIMIT = 0.9
"""Share of its limit that a container uses."""
THROTTLED = 0.25
"""Share of a container's scheduling periods in which it had to wait for cpu."""
HEAP_FULL = 0.85
"""Share of a JVM's largest heap that is left after collections."""
GC_OVERHEAD = 0.1
"""Share of time for which a JVM stands still to collect garbage."""
BLOCKED, BLOCKED_LEAST = 0.2, 10
"""Share of a JVM's threads that wait for a lock; fewer than so many are of no account."""
VOLUME_FILLING, VOLUME_FULL = 0.85, 0.95
"""Share of a volume that is used: told from the second on, from the first on if it will be full soon."""
VOLUME_SOON_S = 4 * 86_400
"""So soon, at the pace of the last hours, a volume is full."""
DISK_FREE = 0.15
"""Share of a node's disk that is free; below a tenth, as a rule, the kubelet evicts pods."""
ERRORS = 0.01
"""Share of requests that fail."""
ERRORS_MANY = 0.05
"""Share of failed requests that is wrong whatever is usual."""
REQUESTS_LEAST = 0.1
"""Requests per second under which a share of them, or a percentile, says nothing."""
REQUESTS_COUNTED = 60
"""So many requests must have been counted before a share of them, or a percentile, says something."""
HOT, HOT_PODS_LEAST = 3, 3
"""So many times the median of its service's pods a pod is asked; of fewer pods none is told."""
DEVIATIONS = 3
"""By so many median absolute deviations a measure is over the median of the same hour on other days."""
DEVIATION_LEAST = 0.1
"""Least deviation, as a share of the median: what hardly ever varies is not wrong for a trifle."""
DAYS, DAYS_LEAST = 7, 4
"""The days before with whose same hour a measure is compared, and how many of them must have it."""
SAME_HOUR_S = 3600
