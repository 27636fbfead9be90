"""Train Ridge regression and write the model with all that is needed to serve it.

python training/train.py --output models/diabetes/1
python training/train.py --data houses.csv --target price --alpha 1.0 --output models/houses/1
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pandas as pd
from arguments import command_line, load_table, not_negative
from artifacts import write_model
from datafile import Task
from pictures import predicted_against_true
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_squared_error, r2_score
from sklearn.model_selection import train_test_split

Data = dict[str, dict[str, Any]]


def sample_data() -> tuple[pd.DataFrame, str]:
    """Return scikit-learn's diabetes data, 442 patients, and its target's name.

    `Y` is the progression of the disease one year later (Efron et al., "Least Angle
    Regression", 2004); the ten features are centred and scaled.
    """
    features, target = load_diabetes(return_X_y=True, as_frame=True)
    return features.assign(Y=target), "Y"


def split_data(df: pd.DataFrame, target: str = "Y", seed: int = 0) -> Data:
    """Hold out 20 % of the rows.

    Args:
        df: the features and the target column.
        target: the column to predict.
        seed: the same seed holds out the same rows.

    Returns:
        `{"train": {"X", "y"}, "test": {"X", "y"}}`.
    """
    X, y = df.drop(columns=target), df[target]
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=seed)
    return {"train": {"X": X_train, "y": y_train}, "test": {"X": X_test, "y": y_test}}


def train_model(data: Data, args: dict[str, Any]) -> Ridge:
    """Fit Ridge on the training part; `args` are Ridge's own parameters."""
    return Ridge(**args).fit(data["train"]["X"], data["train"]["y"])


def get_model_metrics(model: Any, data: Data) -> dict[str, float]:
    """Return mean squared error and R2 on the held-out part."""
    y, predicted = data["test"]["y"], model.predict(data["test"]["X"])
    return {"mse": float(mean_squared_error(y, predicted)), "r2": float(r2_score(y, predicted))}


def main(argv: Sequence[str] | None = None) -> None:
    """Train and write model, manifest, sample and picture into the output folder."""
    parser = command_line(__doc__)
    parser.add_argument(
        "--alpha", type=not_negative, default=0.5, help="regularisation (default: %(default)s)"
    )
    args = parser.parse_args(argv)
    df, target = load_table(parser, args, sample_data, Task.REGRESSION)

    data = split_data(df, target, args.seed)
    model = train_model(data, {"alpha": args.alpha})
    metrics = get_model_metrics(model, data)

    test = data["test"]
    predicted_against_true(
        args.output / "predicted_against_true.png", test["y"], model.predict(test["X"]),
        target=target,
    )  # fmt: skip
    parameters = {"alpha": args.alpha, "seed": args.seed}
    write_model(
        args.output, model, by="training/train.py", df=df, features=test["X"],
        metrics=metrics, parameters=parameters,
    )  # fmt: skip
    print(json.dumps(metrics))


if __name__ == "__main__":
    main()
