"""Everything a person or a script does: edit, act, switch admission, audit."""
