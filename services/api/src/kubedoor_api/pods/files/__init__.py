"""Files that JVMs write in their pods: where there is room, how they get out, and that none is left."""
