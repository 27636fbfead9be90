"""Column types: one file per family; each checks, converts and describes itself."""
