"""What is told of a service beside its use: requests, JVMs and score of the shown day."""
