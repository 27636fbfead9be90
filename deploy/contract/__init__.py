"""What a running service promises: ask it, keep it, publish it."""
