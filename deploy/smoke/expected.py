"""What the model itself says to a request, without the service, and how an answer differs."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.smoke.compare import differences
from deploy.staging.models import ModelSource

#: Files that joblib reads, whatever made the estimator in them.
ESTIMATORS = frozenset({".joblib", ".pkl"})


@dataclass(frozen=True)
class Expected:
    """What the model itself says.

    Attributes:
        values: one for each row; None where the model cannot be asked from outside.
        because: why not; empty when it was asked.
    """

    values: list[Any] | None
    because: str = ""

    def __str__(self) -> str:
        """Say whether an answer could be held against it."""
        if self.values is None:
            return f"not compared with the model's own prediction: {self.because}"
        return f"compared with the model's own prediction, {len(self.values)} rows"


def own_predictions(models: Sequence[ModelSource], body: Any) -> Expected:
    """Return what the model itself predicts for the rows in a request, or why it cannot be asked.

    It is asked by the method that the request names in `GlobalParameters.method`; of several
    models, the one that `GlobalParameters.model` names.
    """
    chosen = body.get("GlobalParameters") if isinstance(body, dict) else None
    parameters: Mapping[str, Any] = chosen if isinstance(chosen, dict) else {}
    named = [model for model in models if model.name == parameters.get("model")] or list(models)
    if len(named) != 1:
        return Expected(None, f"there are {len(named)} models and the sample names none")
    files = [file for file in named[0].files() if file.suffix in ESTIMATORS]
    if len(files) != 1:
        return Expected(None, f"{named[0].path} holds {len(files)} joblib files, not one")
    rows = next(_tables(body), None)
    if not rows:
        return Expected(None, "the request has no rows")
    with warnings.catch_warnings():
        # What the model warns of is its owner's to hear, when it is trained.
        warnings.simplefilter("ignore")
        try:
            return _ask(files[0], rows, str(parameters.get("method", "predict")))
        except Exception as error:  # noqa: BLE001 - whatever an estimator of somebody's raises
            said = str(error).strip().splitlines()[:1] or ["no message"]
            return Expected(None, f"asking it failed with {type(error).__name__}: {said[0][:200]}")


def _ask(file: Path, rows: list[Any], method: str) -> Expected:
    import joblib
    import pandas as pd

    model = joblib.load(file)
    if not hasattr(model, method):
        kind = type(model).__name__
        return Expected(None, f"{file.name} holds a {kind} without {method}()")
    names = list(getattr(model, "feature_names_in_", []))
    if not isinstance(rows[0], dict):
        table: Any = pd.DataFrame(rows, columns=names) if names else rows
    elif names and set(rows[0]) == set(names):
        table = pd.DataFrame(rows)[names]
    else:
        return Expected(None, "the request's columns are not the model's own")
    said = getattr(model, method)(table)
    if method == "predict_proba":
        # As the service names the fields: text as it is, anything else as JSON writes it.
        classes = getattr(model.classes_, "tolist", lambda: model.classes_)()
        labels = [label if isinstance(label, str) else json.dumps(label) for label in classes]
        return Expected([dict(zip(labels, row, strict=True)) for row in said.tolist()])
    return Expected(said.tolist())


def mismatch(answer: Any, expected: Expected) -> str:
    """Return how an answer differs from the model's own predictions; empty when it does not.

    A text that is JSON is read once more: scripts often answer `json.dumps(...)`.
    """
    values = expected.values
    if values is None:
        return ""
    lists = [found for found in _lists(read_again(answer)) if len(found) == len(values)]
    if any(not differences(values, found) for found in lists):
        return ""
    return f"the model itself predicts {values[:3]}, the service answered {str(answer)[:200]}"


def read_again(answer: Any) -> Any:
    """Return what a text says where it is JSON itself; anything else as it is."""
    if isinstance(answer, str):
        try:
            return json.loads(answer)
        except ValueError:
            return answer
    return answer


def _tables(value: Any) -> Iterator[list[Any]]:
    """Yield each list of records or of lists inside a JSON value."""
    if isinstance(value, list) and value and isinstance(value[0], dict | list):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _tables(inner)


def _lists(value: Any) -> Iterator[list[Any]]:
    if isinstance(value, list):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _lists(inner)
