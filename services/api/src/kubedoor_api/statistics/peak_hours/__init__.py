"""When services use most: hour by hour, and peak hours found in it."""
