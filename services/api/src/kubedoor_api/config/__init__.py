"""What comes from the environment."""
