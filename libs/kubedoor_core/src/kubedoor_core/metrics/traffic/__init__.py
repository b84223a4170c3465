"""How requests are counted by meshes and libraries, and the queries about them."""
