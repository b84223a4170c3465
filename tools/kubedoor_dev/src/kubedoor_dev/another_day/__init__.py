"""The tests on another day than today, by libfaketime."""
