"""Train Ridge on scikit-learn's diabetes data and write the model.

python training/train.py --output models/diabetes/1
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import joblib
import pandas as pd
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_squared_error, r2_score
from sklearn.model_selection import train_test_split

Data = dict[str, dict[str, Any]]


def split_data(df: pd.DataFrame) -> Data:
    """Hold out 20 % of the rows.

    Args:
        df: features and a column `Y`, the target.

    Returns:
        `{"train": {"X", "y"}, "test": {"X", "y"}}`.
    """
    X, y = df.drop(columns="Y"), df["Y"]
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
    return {"train": {"X": X_train, "y": y_train}, "test": {"X": X_test, "y": y_test}}


def train_model(data: Data, args: dict[str, Any]) -> Ridge:
    """Fit Ridge on the training part; `args` are Ridge's own parameters."""
    return Ridge(**args).fit(data["train"]["X"], data["train"]["y"])


def get_model_metrics(model: Ridge, data: Data) -> dict[str, float]:
    """Return mean squared error and R2 on the held-out part."""
    y, predicted = data["test"]["y"], model.predict(data["test"]["X"])
    return {"mse": float(mean_squared_error(y, predicted)), "r2": float(r2_score(y, predicted))}


def main() -> None:
    """Train with `alpha=0.5` and write `model.joblib` into the output folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="folder to write to")
    output = parser.parse_args().output
    features, target = load_diabetes(return_X_y=True, as_frame=True)
    data = split_data(features.assign(Y=target))
    model = train_model(data, {"alpha": 0.5})
    output.mkdir(parents=True, exist_ok=True)
    joblib.dump(model, output / "model.joblib")
    print(json.dumps(get_model_metrics(model, data)))


if __name__ == "__main__":
    main()
