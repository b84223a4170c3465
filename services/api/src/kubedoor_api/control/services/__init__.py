"""Services: the control table as people see and edit it."""
