"""The tests on another day than today: by a clock that is ahead in every program."""
