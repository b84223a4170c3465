"""API tokens: named, revocable credentials of scripts."""
