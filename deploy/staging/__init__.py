"""What goes into the container and where: files, models, layout."""
