"""Scikit-learn's word: what a loaded estimator takes and what it answers."""
