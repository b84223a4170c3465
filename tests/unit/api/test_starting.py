"""Starting the api: what is seldom asked for is neither loaded nor built before somebody asks."""

from __future__ import annotations

import subprocess
import sys

from pydantic import BaseModel

from kubedoor_api.web.field_docs import field_docs

LATER = ("kubedoor_api.openapi", "openapi_pydantic", "reportlab", "apprise", "ldap3")
STARTED = f"""
import sys
import kubedoor_api.app
from kubedoor_api.endpoints import ENDPOINTS
print([name for name in {LATER} if name in sys.modules])
print([each.id for each in ENDPOINTS if each.answer_model and each.answer_model.__pydantic_complete__])
"""


class Plain(BaseModel):
    unsaid: int
    said: int
    """What it is"""
    again: int
    """What it is at first"""

    class Inner(BaseModel):
        said: str
        """Of the inner one
        on two lines"""


class Changed(Plain):
    again: int
    own: int
    """Its own"""


def test_what_is_seldom_asked_for_is_loaded_and_built_when_it_is() -> None:
    done = subprocess.run([sys.executable, "-c", STARTED], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "[]"]


def test_texts_under_fields_are_those_of_the_class_that_declares_them_last() -> None:
    assert field_docs(Plain) == {"said": "What it is", "again": "What it is at first"}
    assert field_docs(Changed) == {"said": "What it is", "own": "Its own"}
    assert field_docs(Plain.Inner) == {"said": "Of the inner one\non two lines"}
