"""The report that a person looks at: one HTML file that loads nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
from tabular import Task

from pipelines.evaluation import Evaluation
from pipelines.pictures import calibration, importance, result

TEMPLATE = Path(__file__).with_name("report.html")

#: What the error of a row is, by the task.
ERRORS = {
    Task.REGRESSION: "absolute error",
    Task.CLASSIFICATION: "1 - probability of its true class (or 1 where it is missed)",
}


def write_report(
    path: Path, evaluation: Evaluation, *, title: str, said: str, details: Mapping[str, Any]
) -> None:
    """Write the report.

    Args:
        path: the HTML file.
        evaluation: what is reported; of its rows only numbers are shown, never a cell.
        title: what was trained on what.
        said: what was read, in one line.
        details: estimator, parameters and how columns were taken, by name.
    """
    drawn = {
        "what it predicts": result(evaluation),
        "permutation importance": importance(evaluation),
        "calibration": calibration(evaluation),
    }
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    html = environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        title=title,
        said=said,
        metrics=evaluation.metrics,
        crossed=evaluation.folds,
        folds=len(next(iter(evaluation.folds.values()))),
        held_out=len(evaluation.X),
        pictures={name: picture for name, picture in drawn.items() if picture is not None},
        error_name=ERRORS[evaluation.task],
        worst=evaluation.worst.to_dict("records"),
        details=details,
    )
    path.write_text(html, encoding="utf-8")
