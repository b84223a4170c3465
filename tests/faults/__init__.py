"""The fault suite: the running system under load, while its parts fail."""
