"""An env at its peak, in one answer: totals, money, and how well its services ask for what they use."""
