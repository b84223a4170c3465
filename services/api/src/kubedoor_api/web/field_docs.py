"""What stands under the fields of models, read from the source when somebody asks for it.

Pydantic would read it while the classes are made, the whole module for each: two fifths of starting the api.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from pydantic import BaseModel

Docs = dict[str, str]


def field_docs(model: type[BaseModel]) -> Docs:
    """Return the description of each field that has one.

    A field that a class declares again has the description that stands there, or none.
    """
    told: Docs = {}
    for base in reversed(model.__mro__):
        own = _of_module(base.__module__).get(base.__qualname__, {}) if issubclass(base, BaseModel) else {}
        declared = inspect.get_annotations(base)
        told = {name: text for name, text in told.items() if name not in declared} | own
    return {name: text for name, text in told.items() if name in model.model_fields}


@cache
def _of_module(name: str) -> dict[str, Docs]:
    """Return what is said of the fields of each class of a module, by the class's qualified name."""
    return dict(_classes(ast.parse(inspect.getsource(sys.modules[name])), ""))


def _classes(outer: ast.Module | ast.ClassDef, prefix: str) -> Iterator[tuple[str, Docs]]:
    for node in outer.body:
        if isinstance(node, ast.ClassDef):
            yield f"{prefix}{node.name}", dict(_fields(node))
            yield from _classes(node, f"{prefix}{node.name}.")


def _fields(made: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, text in pairwise(made.body):
        match field, text:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(said))):
                yield name, inspect.cleandoc(said)
