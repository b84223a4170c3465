"""All envs at once: a row each, and their sums."""
