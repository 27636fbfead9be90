"""Pictures in, grids of numbers out; the only room that imports Pillow."""
