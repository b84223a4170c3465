"""Nodes: what each gives, is asked for and uses; how few would do; what is done to them by hand."""
