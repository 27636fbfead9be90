"""Train a classifier on scikit-learn's handwritten digits and write it with its preprocessing.

python training/digits.py --output models/digits/1
"""

from __future__ import annotations

import argparse
import hashlib
import json
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import numpy.typing as npt
from scipy.ndimage import map_coordinates
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MinMaxScaler
from tqdm import tqdm

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

SEED = 0

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

LIBRARIES = ("numpy", "scikit-learn", "joblib")


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


def train_model(digits: Array, labels: Labels) -> Pipeline:
    """Fit a small neural network to the digits and their distorted copies.

    Args:
        digits: (n, 64), values from 0 to 16.
        labels: (n,), 0 to 9.
    """
    rng = np.random.default_rng(SEED)
    # Not fitted to the data: a cell that is empty in every digit still counts from 0 to 16.
    scaler = MinMaxScaler().fit(np.array([[0.0] * 64, [16.0] * 64]))
    network = MLPClassifier((128, 64), alpha=0.01, batch_size=64, random_state=SEED)
    copies = [digits, *(distort(digits, rng) for _ in range(COPIES))]
    features, target = scaler.transform(np.vstack(copies)), np.tile(labels, COPIES + 1)
    for _ in tqdm(range(EPOCHS), desc="epochs", disable=None):
        network.partial_fit(features, target, classes=np.arange(10))
    return Pipeline([("scale", scaler), ("network", network)])


def manifest(model: Path, metrics: dict[str, float]) -> dict[str, Any]:
    """Return the `models.json` for a model file, as docs/models.md describes it."""
    record = {
        "file": model.name,
        "sha256": hashlib.sha256(model.read_bytes()).hexdigest(),
        "format": "joblib",
        "libraries": {name: version(name) for name in LIBRARIES},
        "trained_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "by": "training/digits.py",
        "metrics": metrics,
    }
    return {"models": [record]}


def split() -> tuple[Array, Array, Labels, Labels]:
    """Return train and test digits, then their labels; a fifth is held out."""
    digits, labels = load_digits(return_X_y=True)
    train, test, train_labels, test_labels = train_test_split(
        digits, labels, test_size=0.2, random_state=SEED, stratify=labels
    )
    return train, test, train_labels, test_labels


def main() -> None:
    """Train and write `model.joblib` and `models.json` into the output folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="folder to write to")
    output: Path = parser.parse_args().output
    train, test, train_labels, test_labels = split()
    model = train_model(train, train_labels)
    accuracy = float(model.score(test, test_labels))
    output.mkdir(parents=True, exist_ok=True)
    path = output / "model.joblib"
    joblib.dump({"classifier": model, "preprocessing": PREPROCESSING}, path)
    content = manifest(path, {"accuracy": accuracy})
    (output / "models.json").write_text(json.dumps(content, indent=2) + "\n")
    print(json.dumps({"accuracy": accuracy}))


if __name__ == "__main__":
    main()
