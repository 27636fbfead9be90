"""Train a support vector machine that tells classes apart, and write it ready to serve.

python training/iris.py --kernel rbf --penalty 2.0 --output models/iris/1
python training/iris.py --data customers.csv --target churned --output models/churn/1
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from arguments import command_line, load_table, output_folder, positive
from pictures import confusion_matrix
from scoring_model import write_model
from sklearn import metrics as skmetrics
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.svm import SVC
from tabular import Task
from tracking import recorded

KERNELS = ("linear", "rbf", "poly", "sigmoid")

Data = dict[str, dict[str, Any]]


def sample_data() -> tuple[pd.DataFrame, str]:
    """Return the iris data (R. A. Fisher, 1936): 150 flowers, four lengths in cm, the species."""
    iris = load_iris(as_frame=True)
    return iris.data.assign(species=iris.target_names[iris.target]), "species"


def split_data(df: pd.DataFrame, target: str = "species", seed: int = 0) -> Data:
    """Hold out 20 % of the rows of each class; see `train.split_data`."""
    X, y = df.drop(columns=target), df[target]
    X_train, X_test, y_train, y_test = train_test_split(
        X, y, test_size=0.2, random_state=seed, stratify=y
    )
    return {"train": {"X": X_train, "y": y_train}, "test": {"X": X_test, "y": y_test}}


def train_model(data: Data, args: dict[str, Any]) -> SVC:
    """Fit SVC on the training part; `args` are SVC's own parameters."""
    return SVC(**args).fit(data["train"]["X"], data["train"]["y"])


def get_model_metrics(model: Any, data: Data) -> dict[str, float]:
    """Return the accuracy on the held-out part, from 0 to 1."""
    predicted = model.predict(data["test"]["X"])
    return {"accuracy": float(skmetrics.accuracy_score(data["test"]["y"], predicted))}


def get_confusion_matrix(model: Any, data: Data) -> list[list[int]]:
    """Return how many held-out rows of each class (row) were taken for each class (column)."""
    y, predicted = data["test"]["y"], model.predict(data["test"]["X"])
    counts: list[list[int]] = skmetrics.confusion_matrix(
        y, predicted, labels=model.classes_
    ).tolist()
    return counts


def write_outputs(
    folder: Path, model: Any, df: pd.DataFrame, data: Data, *, by: str, parameters: dict[str, Any]
) -> dict[str, float]:
    """Write model, manifest, sample and picture; see `train.write_outputs`."""
    metrics, matrix = get_model_metrics(model, data), get_confusion_matrix(model, data)
    names = [str(name) for name in model.classes_]
    confusion_matrix(folder / "confusion_matrix.png", matrix, names)
    write_model(
        folder, model, by=by, df=df, features=data["test"]["X"], metrics=metrics,
        parameters=parameters,
    )  # fmt: skip
    return metrics


def main(argv: Sequence[str] | None = None) -> None:
    """Train and write model, manifest, sample and picture into the output folder."""
    parser = command_line(__doc__)
    parser.add_argument(
        "--kernel", choices=KERNELS, default="linear", help="(default: %(default)s)"
    )
    parser.add_argument(
        "--penalty", type=positive, default=1.0,
        help="C, the price of a row on the wrong side (default: %(default)s)",
    )  # fmt: skip
    args = parser.parse_args(argv)
    df, target = load_table(parser, args, sample_data, Task.CLASSIFICATION)

    data = split_data(df, target, args.seed)
    # With probabilities the service answers predict_proba too; their fit is drawn at random.
    probabilities = {"probability": True, "random_state": args.seed}
    parameters = {"kernel": args.kernel, "penalty": args.penalty, "seed": args.seed}
    with output_folder(parser, args.output) as output, recorded(args.tracking) as tracker:
        tracker.log_parameters(parameters)
        model = train_model(data, {"kernel": args.kernel, "C": args.penalty, **probabilities})
        metrics = write_outputs(
            output, model, df, data, by="training/iris.py", parameters=parameters
        )
        tracker.log_metrics(metrics)
        tracker.log_model(output)
    matrix = get_confusion_matrix(model, data)
    print(json.dumps(metrics | {"confusion_matrix": matrix}))


if __name__ == "__main__":
    main()
