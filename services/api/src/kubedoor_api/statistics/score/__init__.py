"""How well services ask for what they use."""
