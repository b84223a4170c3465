"""Preview: what admission would make of a manifest or of a live Deployment."""
