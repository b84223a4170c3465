"""Envs: the clusters that are known."""
