"""What takes a while on nodes: drains, and plans of moves that are carried out; each by the env's leader."""
