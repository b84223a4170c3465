"""Benchmarks: every goal is a ratio, both sides measured in one run."""
