"""Conditions that statements of several packages share."""

SERVICE_KEY = """env = {env:String} AND namespace = {namespace:String}
    AND kind = {kind:String} AND name = {name:String}"""
"""The rows of one service."""
