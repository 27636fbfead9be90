"""Pictures of results, written as PNG files; no window is opened and no display needed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from sklearn.metrics import ConfusionMatrixDisplay

#: Inches, and dots per inch: 900 x 900 pixels, sharp on a page and about 50 KB.
SIZE, DPI = 6, 150


def predicted_against_true(path: Path, true: Any, predicted: Any, *, target: str) -> None:
    """Draw one dot for each held-out row; on the line the model is right.

    Args:
        path: the PNG file to write.
        true: target values, shape (n,).
        predicted: the model's, shape (n,).
        target: name of the target column.
    """
    figure = Figure(figsize=(SIZE, SIZE), layout="constrained")
    axes = figure.subplots()
    ends = [min(np.min(true), np.min(predicted)), max(np.max(true), np.max(predicted))]
    axes.plot(ends, ends, color="gray", linewidth=1, label="predicted = true")
    axes.scatter(true, predicted, s=18, alpha=0.7)
    axes.set(xlabel=f"{target}, true", ylabel=f"{target}, predicted")
    axes.set_title("Predicted against true, held-out rows")
    axes.legend(loc="upper left")
    axes.set_aspect("equal")
    figure.savefig(path, dpi=DPI)


def confusion_matrix(path: Path, matrix: Any, labels: Sequence[str]) -> None:
    """Draw a confusion matrix: rows are the true classes, columns the predicted ones.

    Args:
        path: the PNG file to write.
        matrix: counts, shape (n_classes, n_classes).
        labels: names of the classes, in the matrix's order.
    """
    figure = Figure(figsize=(SIZE, SIZE), layout="constrained")
    axes = figure.subplots()
    display = ConfusionMatrixDisplay(np.asarray(matrix), display_labels=list(labels))
    display.plot(ax=axes, cmap="Blues", colorbar=False)
    axes.set_title("Confusion matrix, held-out rows")
    figure.savefig(path, dpi=DPI)


def scores_against_parameter(path: Path, table: pd.DataFrame, *, best: float) -> None:
    """Draw the error of each value tried, with its spread over the folds.

    Args:
        path: the PNG file to write.
        table: columns `alpha`, `mse` and `mse_std`.
        best: the value to mark.
    """
    table = table.sort_values("alpha")
    figure = Figure(figsize=(SIZE * 1.4, SIZE), layout="constrained")
    axes = figure.subplots()
    low, high = table["mse"] - table["mse_std"], table["mse"] + table["mse_std"]
    axes.fill_between(table["alpha"], low, high, alpha=0.2, label="one standard deviation")
    axes.plot(table["alpha"], table["mse"], marker="o", label="mean of the folds")
    axes.axvline(best, color="gray", linewidth=1, label=f"best: {best:g}")
    # Symmetric-log where 0 is among the values, which has no logarithm.
    smallest = table.loc[table["alpha"] > 0, "alpha"].min()
    if (table["alpha"] > 0).all():
        axes.set_xscale("log")
    elif smallest > 0:
        axes.set_xscale("symlog", linthresh=smallest)
    axes.set(xlabel="alpha", ylabel="mean squared error", title="Cross-validation")
    axes.legend()
    figure.savefig(path, dpi=DPI)
