"""Package a model for a scoring service: one call, and the service needs no script.

from scoring_model import save_model

save_model(model, "models/churn/1", X, y)
"""

from scoring_model.errors import NotServable
from scoring_model.manifest import fingerprint, write_model
from scoring_model.mlflow_model import save_mlflow_model
from scoring_model.saving import save_model

__all__ = ["NotServable", "fingerprint", "save_mlflow_model", "save_model", "write_model"]
