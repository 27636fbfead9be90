"""A server as a process of this machine, and what its log says."""
