"""Services: what the expert says of them and what holds, one by one, many at once, and their past."""
