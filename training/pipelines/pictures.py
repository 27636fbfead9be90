"""The pictures of a report, as SVG texts to stand in one HTML file."""

from __future__ import annotations

import io
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from sklearn.calibration import CalibrationDisplay
from sklearn.metrics import ConfusionMatrixDisplay, PredictionErrorDisplay
from tabular import Task

from pipelines.evaluation import Evaluation

#: Inches.
WIDTH, HEIGHT = 5.5, 4.5

#: Classes that one picture has room for.
MOST_CLASSES = 8

#: Columns that the picture of importances has room for.
MOST_COLUMNS = 15


def result(evaluation: Evaluation) -> str:
    """Draw the confusion matrix of a classifier, the residuals of a regressor."""
    figure, axes = _empty()
    if evaluation.task is Task.CLASSIFICATION:
        ConfusionMatrixDisplay.from_estimator(
            evaluation.model, evaluation.X, evaluation.y, ax=axes, cmap="Blues", colorbar=False,
            xticks_rotation=45,
        )  # fmt: skip
        axes.set_title("Confusion matrix, held-out rows")
    else:
        PredictionErrorDisplay.from_estimator(
            evaluation.model, evaluation.X, evaluation.y, ax=axes, kind="residual_vs_predicted",
            random_state=0,
        )  # fmt: skip
        axes.set_title("Residuals against predictions, held-out rows")
    return _svg(figure)


def importance(evaluation: Evaluation) -> str:
    """Draw by how much the first metric falls when a column is shuffled."""
    figure, axes = _empty()
    table = evaluation.importance.head(MOST_COLUMNS).iloc[::-1]
    axes.barh([str(name) for name in table.index], table["mean"], xerr=table["std"], color="C0")
    axes.axvline(0, color="gray", linewidth=1)
    axes.set_title("Permutation importance, held-out rows")
    axes.set_xlabel(f"fall of {next(iter(evaluation.metrics))}")
    return _svg(figure)


def calibration(evaluation: Evaluation) -> str | None:
    """Draw how often what is predicted with a probability comes true.

    Returns:
        None for a regressor, and for a classifier without probabilities or of many classes.
    """
    model = evaluation.model
    if evaluation.task is Task.REGRESSION or not hasattr(model, "predict_proba"):
        return None
    classes = model.classes_
    if len(classes) > MOST_CLASSES:
        return None
    figure, axes = _empty()
    probabilities = model.predict_proba(evaluation.X)
    shown = range(1, 2) if len(classes) == 2 else range(len(classes))
    for i in shown:
        CalibrationDisplay.from_predictions(
            np.asarray(evaluation.y == classes[i]), probabilities[:, i], n_bins=8,
            strategy="quantile", ax=axes, name=str(classes[i]),
        )  # fmt: skip
    axes.set(title="Calibration, held-out rows", xlabel="predicted probability",
             ylabel="share that came true")  # fmt: skip
    return _svg(figure)


def _empty() -> tuple[Figure, Any]:
    figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
    return figure, figure.subplots()


def _svg(figure: Figure) -> str:
    stream = io.StringIO()
    # Texts stay texts: a screen reader reads them, and a search finds them. A fixed salt: the same
    # picture has the same ids.
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "report"}):
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue().partition("<svg")[2].join(("<svg", ""))
