"""From what `run()` returned to the bytes of the answer."""
