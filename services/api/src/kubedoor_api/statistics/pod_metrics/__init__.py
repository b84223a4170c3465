"""Curves of single pods, read from Prometheus as they are asked for; nothing is stored."""
