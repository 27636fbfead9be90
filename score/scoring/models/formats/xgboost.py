"""XGBoost's own files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scoring.extras import optional
from scoring.settings import Settings


def _load_xgboost(path: Path, _settings: Settings) -> Any:
    with optional("xgboost-cpu"):
        import xgboost
    # The estimator's own load_model() reads the file; which one it is, its objective tells.
    config = json.loads(xgboost.Booster(model_file=str(path)).save_config())
    family = config["learner"]["objective"]["name"].partition(":")[0]
    kinds = {"binary": "XGBClassifier", "multi": "XGBClassifier", "rank": "XGBRanker"}
    estimator = getattr(xgboost, kinds.get(family, "XGBRegressor"))()
    estimator.load_model(path)
    return estimator
