"""One module for each derivation; a module here binds `derivation` and holds no verdict."""
