"""Everything that knows there is a server and a request; the only room a second host looks at."""
