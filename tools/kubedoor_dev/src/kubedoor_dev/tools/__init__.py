"""Finds the programs that the demo and the tests run: `find("prometheus")` gives a path."""

from kubedoor_dev.tools.catalogue import TOOLS, Tool
from kubedoor_dev.tools.finder import ToolMissingError, find, locate

__all__ = ["TOOLS", "Tool", "ToolMissingError", "find", "locate"]
