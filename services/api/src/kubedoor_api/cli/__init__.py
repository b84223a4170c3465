"""Commands: back-up and restore, the legacy import, the audit log's verification."""
