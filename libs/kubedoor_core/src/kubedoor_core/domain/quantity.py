"""Kubernetes quantities, exactly: `0.1`, `100m`, `1e3`, `1Gi`, `1G`, `128974848`, `129e6`.

Grammar: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
"""

from __future__ import annotations

import re
from functools import lru_cache

from kubedoor_core.errors import BadValueError

_NOTATION = re.compile(
    r"(?P<sign>[+-]?)(?P<number>\d+\.?\d*|\.\d+)"
    r"(?:(?P<suffix>[KMGTPE]i|[numkMGTPE])|[eE](?P<exponent>[+-]?\d+))?"
)
_BINARY = {suffix: 1024**power for power, suffix in enumerate(("Ki", "Mi", "Gi", "Ti", "Pi", "Ei"), start=1)}
_POWER_OF_TEN = {"n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}

MAX_LENGTH = 64
_MAX_EXPONENT = 64
NANO_POWER = 9
NANO: int = 10**9


def parse(value: object) -> int:
    """Return a quantity's exact value in nanos of a core or byte, rounded up as Kubernetes does.

    JSON numbers are quantities too.

    :raises BadValueError: for anything else.
    """
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        nanos = _nanos(str(value))
        if nanos is not None:
            return nanos
    raise BadValueError(f"{shown(value)} is not a quantity")


@lru_cache(maxsize=4096)
def _nanos(text: str) -> int | None:
    """Read a quantity once: a cluster writes the same few over and over."""
    found = _NOTATION.fullmatch(text) if len(text) <= MAX_LENGTH and text.isascii() else None
    if found is None:
        return None
    sign, number, suffix, written = found.groups()
    if abs(exponent := int(written or 0)) > _MAX_EXPONENT:
        return None
    whole, _, decimals = number.partition(".")
    power = NANO_POWER + exponent + _POWER_OF_TEN.get(suffix, 0) - len(decimals)
    digits = int(whole + decimals) * _BINARY.get(suffix, 1)
    nanos: int = digits * 10**power if power >= 0 else -(-digits // 10**-power)
    return -nanos if sign == "-" else nanos


def is_zero(value: object) -> bool:
    """Tell whether a value is a quantity of nothing."""
    try:
        return parse(value) == 0
    except BadValueError:
        return False


def shown(value: object) -> str:
    """Return a value for a message: short, and without control characters."""
    text = value if isinstance(value, str) else repr(value)
    clean = text[:41]
    if not clean.isprintable():
        clean = "".join(character if character.isprintable() else "?" for character in clean)
    return clean if len(clean) <= 40 else clean[:39] + "~"


def cpu_text(cpu_m: int) -> str:
    """Write millicores as Kubernetes does: 1500 is `1500m`, 2000 is `2`."""
    return str(cpu_m // 1000) if cpu_m % 1000 == 0 else f"{cpu_m}m"


def memory_text(mem_mib: int) -> str:
    """Write MiB as Kubernetes does: 512 is `512Mi`, 2048 is `2Gi`."""
    return f"{mem_mib // 1024}Gi" if mem_mib and mem_mib % 1024 == 0 else f"{mem_mib}Mi"


def cpu(cpu_m: int) -> int:
    """Return millicores in nanos of a core."""
    return cpu_m * NANO // 1000


def memory(mem_mib: int) -> int:
    """Return MiB in nanos of a byte."""
    return mem_mib * 1024 * 1024 * NANO
