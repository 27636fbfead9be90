"""Real tables: mixed types, dates, missing values, texts, to any estimator of scikit-learn.

skrub, below it, takes seconds to import: only the error is here, the rest in the modules.
"""

from pipelines.errors import BadEstimator

__all__ = ["BadEstimator"]
