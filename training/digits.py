"""Train a classifier on scikit-learn's handwritten digits and write it with its preprocessing.

python training/digits.py --output models/digits/1
python training/digits.py --data digits.csv --target label --output models/mine/1

A file of your own has one digit a row: 64 cells from 0 to 16, row by row, and its label.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from arguments import at_least_one, command_line, load_table, output_folder
from digit_grid import POLARITIES
from image_input import write_image_input
from pictures import confusion_matrix
from scipy.ndimage import map_coordinates
from scoring_model import write_model
from sklearn import metrics as skmetrics
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MinMaxScaler
from tabular import Task
from tqdm import tqdm
from tracking import recorded

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[Any]

#: Distorted copies of each digit beside the original, and passes over all of them.
COPIES = 20
EPOCHS = 15

#: How the data set's pictures are made, which a service has to imitate: a digit fills the height
#: of a grid of 8 x 8 cells, somewhat wider than it was written, yet rarely more than 5 columns;
#: a cell counts ink from 0 to 16, and 30.5 % of all cells is ink (the mean of the 1 797 digits).
#: `stretch` and `widest` were chosen on drawn digits, which are in no part of the data set.
PREPROCESSING = {
    "height": 8,
    "width": 8,
    "levels": 16,
    "stretch": 1.2,
    "widest": 0.7,
    "ink": 0.305,
}

#: What the service reads beside the model: `digit_grid.py` makes a picture's cells.
IMAGE_INPUT = {
    "summary": "Reads the handwritten digit in each picture.",
    "prepare": "digit_grid.py",
    "parameters": PREPROCESSING,
    "options": {"polarity": list(POLARITIES)},
}


def sample_data() -> tuple[pd.DataFrame, str]:
    """Return scikit-learn's digits: 1 797 rows of 64 cells (Alpaydin, Kaynak, 1998)."""
    features, labels = load_digits(return_X_y=True, as_frame=True)
    return features.assign(digit=labels), "digit"


def distort(digits: Array, rng: np.random.Generator) -> Array:
    """Return each digit turned, slanted, squeezed, bent, moved and inked anew, by a little.

    Args:
        digits: (n, 64), each row a grid of 8 x 8 cells with values from 0 to 16.
        rng: where the distortions come from.

    Returns:
        The same shape and range.
    """
    # Cell centres from -1 to 1, (2, 64): rows, then columns.
    cells = (np.mgrid[0:8, 0:8].reshape(2, -1) - 3.5) / 4
    distorted = np.empty_like(digits)
    for i, digit in enumerate(digits):
        angle, slant = rng.uniform(-0.21, 0.21), rng.uniform(-0.25, 0.25)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        scale = 1 + rng.uniform(-0.15, 0.15, 2) - np.array([0, rng.uniform(0, 0.2)])
        source = turn @ np.array([[1, 0], [slant, 1]]) @ np.diag(scale) @ cells
        # Bending moves the middle and leaves the edges: a waist higher up, a belly further left.
        bend = rng.uniform(-0.18, 0.18, (2, 1))
        source = source + bend * (1 - np.clip(source, -1, 1) ** 2)
        source = source * 4 + 3.5 + rng.uniform(-0.5, 0.5, (2, 1))
        ink = map_coordinates(digit.reshape(8, 8), source, order=1)
        distorted[i] = np.clip(ink * rng.uniform(0.8, 1.5), 0, 16)
    return distorted


def train_model(
    digits: Array, labels: Labels, *, seed: int = 0, copies: int = COPIES, epochs: int = EPOCHS
) -> Pipeline:
    """Fit a small neural network to the digits and their distorted copies.

    Args:
        digits: (n, 64), values from 0 to 16.
        labels: (n,).
        seed: draws distortions and first weights.
        copies: distorted copies of each digit.
        epochs: passes over all of them.
    """
    rng = np.random.default_rng(seed)
    # Not fitted to the data: a cell that is empty in every digit still counts from 0 to 16.
    scaler = MinMaxScaler().fit(np.array([[0.0] * 64, [16.0] * 64]))
    many = [digits, *(distort(digits, rng) for _ in range(copies))]
    features, target = scaler.transform(np.vstack(many)), np.tile(labels, copies + 1)
    batch = min(64, len(features))
    network = MLPClassifier((128, 64), alpha=0.01, batch_size=batch, random_state=seed)
    for _ in tqdm(range(epochs), desc="epochs", disable=None):
        network.partial_fit(features, target, classes=np.unique(labels))
    return Pipeline([("scale", scaler), ("network", network)])


def split(
    df: pd.DataFrame | None = None, target: str = "digit", seed: int = 0
) -> tuple[Array, Array, Labels, Labels]:
    """Return train and test digits, then their labels; a fifth of each label is held out."""
    df = sample_data()[0] if df is None else df
    digits, labels = df.drop(columns=target).to_numpy("float64"), df[target].to_numpy()
    train, test, train_labels, test_labels = train_test_split(
        digits, labels, test_size=0.2, random_state=seed, stratify=labels
    )
    return train, test, train_labels, test_labels


def check_cells(parser: argparse.ArgumentParser, df: pd.DataFrame, target: str) -> None:
    """End the program when the rows are no digits of 8 x 8 cells from 0 to 16."""
    cells = df.drop(columns=target)
    if len(cells.columns) != 64:
        parser.error(f"{len(cells.columns)} columns beside {target!r}; a digit has 64 cells")
    wrong = ~cells.apply(lambda column: column.between(0, 16))
    if wrong.to_numpy().any():
        row, column = np.argwhere(wrong.to_numpy())[0]
        parser.error(
            f"column {cells.columns[column]!r} holds {cells.iloc[row, column]:g} in row {row + 1}; "
            "a cell counts ink from 0 to 16"
        )


def main(argv: Sequence[str] | None = None) -> None:
    """Train and write model, manifest and picture into the output folder."""
    parser = command_line(__doc__)
    parser.add_argument("--copies", type=at_least_one, default=COPIES,
                        help="distorted copies of each digit (default: %(default)s)")  # fmt: skip
    parser.add_argument("--epochs", type=at_least_one, default=EPOCHS,
                        help="passes over all digits (default: %(default)s)")  # fmt: skip
    args = parser.parse_args(argv)
    df, target = load_table(parser, args, sample_data, Task.CLASSIFICATION)
    check_cells(parser, df, target)

    train, test, labels, test_labels = split(df, target, args.seed)
    parameters = {"copies": args.copies, "epochs": args.epochs, "seed": args.seed}
    with output_folder(parser, args.output) as output, recorded(args.tracking) as tracker:
        tracker.log_parameters(parameters)
        model = train_model(train, labels, **parameters)
        metrics = {"accuracy": float(model.score(test, test_labels))}
        matrix = skmetrics.confusion_matrix(test_labels, model.predict(test), labels=model.classes_)
        names = [str(name) for name in model.classes_]
        confusion_matrix(output / "confusion_matrix.png", matrix, names)
        write_model(
            output, model, by="training/digits.py", df=df, features=test,
            metrics=metrics, parameters=parameters,
        )  # fmt: skip
        labels_there = IMAGE_INPUT | {"labels": model.classes_.tolist()}
        write_image_input(output, labels_there, Path(__file__).with_name("digit_grid.py"))
        tracker.log_metrics(metrics)
        tracker.log_model(output)
    print(json.dumps(metrics))


if __name__ == "__main__":
    main()
