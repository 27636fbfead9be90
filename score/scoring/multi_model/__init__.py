"""Several models behind one door: which are there, what each takes, a shadow beside them."""
