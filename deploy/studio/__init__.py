"""Scripts of Studio on the operator's machine: old calls named, and a run without a server."""
