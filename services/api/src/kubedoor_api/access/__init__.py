"""Access: roles, grants, and whether they allow something. Nothing here knows of HTTP."""
