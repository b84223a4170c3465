"""Single pods: their logs, and what people do to them by hand."""
