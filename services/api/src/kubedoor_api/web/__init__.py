"""How an operation is declared, called and described: one object serves and documents it."""
