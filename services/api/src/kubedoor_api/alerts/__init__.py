"""Alerts that Alertmanager and scripts send: taken in, shown by day and service, acknowledged."""
