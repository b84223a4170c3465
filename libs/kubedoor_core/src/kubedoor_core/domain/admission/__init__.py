"""The admission decision, pure: over what a request says, its service's row, and the env's rules."""
