"""Train Ridge regression and write the model with all that is needed to serve it.

python training/train.py --output models/diabetes/1
python training/train.py --data houses.csv --target price --alpha 1.0 --output models/houses/1
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from arguments import command_line, load_table, not_negative, output_folder
from pictures import predicted_against_true
from scoring_model import write_model
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_squared_error, r2_score
from sklearn.model_selection import train_test_split
from tabular import Task
from tracking import recorded

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


def write_outputs(
    folder: Path, model: Any, df: pd.DataFrame, data: Data, *, by: str, parameters: dict[str, Any]
) -> dict[str, float]:
    """Write model, manifest, sample and picture.

    Args:
        folder: exists already.
        model: fitted on the training part.
        df: everything that was read.
        data: `df`, split.
        by: the script, as the manifest names it.
        parameters: what the model was trained with, seed included.

    Returns:
        The metrics that the manifest holds.
    """
    metrics, X, y = get_model_metrics(model, data), data["test"]["X"], data["test"]["y"]
    predicted_against_true(
        folder / "predicted_against_true.png", y, model.predict(X), target=str(y.name)
    )
    write_model(folder, model, by=by, df=df, features=X, metrics=metrics, parameters=parameters)
    return metrics


def main(argv: Sequence[str] | None = None) -> None:
    """Train and write the model into the output folder."""
    parser = command_line(__doc__)
    parser.add_argument(
        "--alpha", type=not_negative, default=0.5, help="regularisation (default: %(default)s)"
    )
    args = parser.parse_args(argv)
    df, target = load_table(parser, args, sample_data, Task.REGRESSION)

    data = split_data(df, target, args.seed)
    parameters = {"alpha": args.alpha, "seed": args.seed}
    with output_folder(parser, args.output) as output, recorded(args.tracking) as tracker:
        tracker.log_parameters(parameters)
        model = train_model(data, {"alpha": args.alpha})
        metrics = write_outputs(
            output, model, df, data, by="training/train.py", parameters=parameters
        )
        tracker.log_metrics(metrics)
        tracker.log_model(output)
    print(json.dumps(metrics))


if __name__ == "__main__":
    main()
