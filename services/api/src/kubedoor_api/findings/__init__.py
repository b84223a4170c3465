"""What is wrong in an env right now, why, and what was changed before: looked for by its leader."""
