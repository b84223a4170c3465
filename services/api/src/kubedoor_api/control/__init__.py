"""The control table: services as people see and edit them, many at once, and their history."""
