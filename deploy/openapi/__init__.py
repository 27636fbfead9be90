"""Pure writers: a description in, a document out; no file, no socket."""
