"""How a service's values came to be: versions of the expert's row, and why a number is what it is."""
