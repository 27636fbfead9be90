"""What `check` looks at: one file per check, one list."""
