"""RFC 3339 in one folder with one grammar: read a value or a column, write, check a format."""
