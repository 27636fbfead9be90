"""The command line: every verb of `python -m deploy`, a file for each group of verbs."""
