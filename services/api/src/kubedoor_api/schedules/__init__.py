"""Schedules: operations that begin by themselves, once or again and again."""
