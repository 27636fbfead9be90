"""One request, the answer the model itself gives, and whether they agree."""
