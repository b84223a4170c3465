"""Moving over from KubeDoor 0.2: its two tables in, the control table and the past days out."""
