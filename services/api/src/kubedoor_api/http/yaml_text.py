"""YAML from outside: one document, not too large once its aliases are written out, not too deep."""

from __future__ import annotations

import json
from typing import Any

import yaml

from kubedoor_core.errors import BadValueError

MAX_NODES = 100_000
"""A few lines of aliases can stand for gigabytes: what is written out is counted before it is made."""


def _check_size(document: Any) -> None:  # noqa: ANN401 whatever YAML can say
    waiting, count = [document], 0
    while waiting:
        value = waiting.pop()
        count += 1
        if count > MAX_NODES:
            raise BadValueError(f"has more than {MAX_NODES} values")
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def load(text: str) -> Any:  # noqa: ANN401 whatever YAML can say
    """Read one document of YAML, of which JSON is a part, into plain JSON values.

    :raises BadValueError: saying what is wrong and where.
    """
    try:
        document = yaml.safe_load(text)
        _check_size(document)
        return json.loads(json.dumps(document, default=str, allow_nan=False))
    except BadValueError:
        raise
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise BadValueError(f"is neither YAML nor JSON: {' '.join(str(error).split())[:300]}") from error
    except RecursionError as error:
        raise BadValueError("is nested too deeply") from error


def dump(value: Any) -> str:  # noqa: ANN401 whatever YAML can say
    """Write a document of YAML in the order it came."""
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True)
