"""KubeDoor on the command line."""
