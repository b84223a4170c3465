"""YAML from outside: documents, bounded before anything is made of it.

A few lines of aliases or merge keys can stand for gigabytes, and a megabyte of brackets for minutes. So the
parser's events are counted first, each alias as often as it would be written out, and only then are they put
together. Both are done by libyaml.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml
from yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, NodeEvent, ScalarEvent
from yaml.nodes import MappingNode, Node, ScalarNode

from kubedoor_core.errors import BadValueError

MAX_NODES = 20_000
"""Keys and values; the largest manifests that people have are a tenth of it."""
MAX_DEPTH = 64
MAX_NUMBER_CHARS = 64
"""Arithmetic over longer ones takes time that grows with their square."""
TAG = "tag:yaml.org,2002:"
NUMBERS = (f"{TAG}int", f"{TAG}float")
NOT_JSON = ("set", "omap", "pairs", "binary")
MERGE = "<<"


@dataclass
class _Size:
    """How much a document is, written out."""

    nodes: int = 0
    open: list[tuple[str | None, int]] = field(default_factory=list)
    """The anchor of each collection that is not closed yet, and the nodes before it."""
    anchors: dict[str, int] = field(default_factory=dict)
    """Nodes that each anchor stands for."""

    def add(self, event: NodeEvent) -> None:
        if isinstance(event, AliasEvent):
            anchor = str(event.anchor)
            if any(anchor == name for name, _ in self.open):
                raise BadValueError(f"has an alias *{anchor} within what it stands for")
            self.nodes += self.anchors.get(anchor, 1)  # what was never named is refused later
        else:
            self.nodes += 1
        if self.nodes > MAX_NODES:
            raise BadValueError(f"has more than {MAX_NODES} values, with its aliases written out")
        if isinstance(event, CollectionStartEvent):
            self.open.append((event.anchor, self.nodes - 1))
            if len(self.open) > MAX_DEPTH:
                raise BadValueError(f"is nested more than {MAX_DEPTH} levels deep")
        elif isinstance(event, ScalarEvent):
            self._scalar(event)

    def _scalar(self, event: ScalarEvent) -> None:
        plain = event.implicit[0] and event.value == MERGE
        if plain or event.tag == f"{TAG}merge":
            where = f" in line {event.start_mark.line + 1}" if event.start_mark else ""
            raise BadValueError(f"has a merge key (<<){where}: write out what it stands for")
        if event.anchor:
            self.anchors[event.anchor] = 1

    def close(self) -> None:
        anchor, before = self.open.pop()
        if anchor:
            self.anchors[anchor] = self.nodes - before


class _Loader(yaml.CSafeLoader):
    """libyaml's, with numbers as long as numbers are."""

    def number(self, node: ScalarNode) -> int | float:
        if len(node.value) > MAX_NUMBER_CHARS:
            raise BadValueError(f"has a number of more than {MAX_NUMBER_CHARS} characters: put it in quotes")
        is_int = node.tag == NUMBERS[0]
        return self.construct_yaml_int(node) if is_int else self.construct_yaml_float(node)

    def unknown(self, node: Node) -> NoReturn:
        raise BadValueError(f"has a value of type {node.tag}, which JSON has not")

    def mapping(self, node: MappingNode) -> dict[str, object]:
        """Construct a mapping whose keys are text, as in JSON: numbers could be chosen to collide."""
        pairs = [(self.construct_object(key, deep=True), value) for key, value in node.value]
        return {_key(key): self.construct_object(value, deep=True) for key, value in pairs}


for _tag in NUMBERS:
    _Loader.add_constructor(_tag, _Loader.number)
for _name in NOT_JSON:
    _Loader.add_constructor(TAG + _name, _Loader.unknown)
_Loader.add_constructor(f"{TAG}map", _Loader.mapping)


def _key(value: object) -> str:
    if isinstance(value, dict | list | set | tuple):
        raise BadValueError("has a list or a mapping as a key")
    return value if isinstance(value, str) else json.dumps(value, default=str)


def check_size(text: str) -> None:
    """Refuse what is too much to be put together, having read no more than that.

    :raises BadValueError: saying what is too much.
    :raises yaml.YAMLError: it is no YAML.
    """
    size = _Size()
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, NodeEvent):
            size.add(event)
        elif isinstance(event, CollectionEndEvent):
            size.close()


def load_all(text: str) -> list[Any]:
    """Read all documents of YAML, without the empty ones, such as a last `---` leaves.

    JSON is a part of YAML. The bounds are those of all documents together.

    It takes up to a second of computing: call it off the event loop.

    :raises BadValueError: saying what is wrong and where.
    """
    try:
        check_size(text)
        documents = [one for one in yaml.load_all(text, Loader=_Loader) if one is not None]
        return list(json.loads(json.dumps(documents, default=str, allow_nan=False)))
    except BadValueError:
        raise
    except (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError, OverflowError) as error:
        # PyYAML answers a value that its tag does not fit (`!!bool x`, `!!int ""`) with any of these.
        raise BadValueError(f"is neither YAML nor JSON: {' '.join(str(error).split())[:300]}") from error
    except RecursionError as error:
        raise BadValueError("is nested too deeply") from error


def dump(value: object) -> str:
    """Write a document of YAML in the order it came."""
    return yaml.dump(value, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)
