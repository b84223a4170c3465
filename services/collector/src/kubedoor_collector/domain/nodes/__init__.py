"""Nodes: who tells their use, and what it comes to."""
