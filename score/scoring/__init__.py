"""The library behind the doors: everything an entry script needs, none of it a script."""
