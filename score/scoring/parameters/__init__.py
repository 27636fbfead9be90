"""Parameter types, inference-schema's own word: what a door may declare as input or output."""
