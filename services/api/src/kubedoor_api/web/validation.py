"""What a validator of ours raises: the fault in words, by one word, and where it is."""

from __future__ import annotations

from typing import Any

from pydantic_core import PydanticCustomError

from kubedoor_core.problem_codes import FieldCode

PLACE, REASON, PARAMETERS = "_place", "_reason", "_parameters"
"""Members of the error's context."""


def fault(code: FieldCode, reason: str, place: str = "", /, **parameters: Any) -> PydanticCustomError:  # noqa: ANN401 JSON
    """Return the error that a validator raises.

    :param place: the field that a validator of a whole model means, such as `containers.0.name`.
    """
    return PydanticCustomError(
        code.value, "{_reason}", {PLACE: place, REASON: reason, PARAMETERS: parameters}
    )
