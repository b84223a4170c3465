"""What an env's nodes have left."""
