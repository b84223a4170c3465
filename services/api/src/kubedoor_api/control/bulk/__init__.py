"""Many services at once: batch changes, export and import, each all or nothing."""
