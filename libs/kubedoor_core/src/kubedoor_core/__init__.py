"""What two or more KubeDoor services share."""
