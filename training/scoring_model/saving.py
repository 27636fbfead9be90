"""`save_model`: all that a service needs of a model, in one folder, tried before it is left.

model.joblib         the fitted model
models.json          manifest: hash, versions, fingerprint of the data
sample_input.json    typical values, not real ones (.parquet where JSON lacks a column's type)
sample_output.json   what the model answers to them
baseline.json        figures per column, to hold later requests against
"""

from __future__ import annotations

import json
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd

from scoring_model.asking import ask, check_same
from scoring_model.baseline import baseline
from scoring_model.errors import NotServable
from scoring_model.folders import made
from scoring_model.libraries import libraries
from scoring_model.manifest import described, fingerprint, predictions_hash, write_manifest
from scoring_model.sample import WORD, needs_parquet, records, typical_rows

FILE = "model.joblib"

#: Rows on which the model on disk is held against the one in memory, spread over the table.
COMPARED_ROWS = 500

#: The one column of a model that was trained on a list of texts.
TEXT_COLUMN = "text"

Form = Callable[[pd.DataFrame], Any]


def save_model(
    model: Any,
    folder: str | Path,
    X: Any,
    y: Any = None,
    *,
    by: str = "scoring_model.save_model",
    metrics: Mapping[str, float] | None = None,
    parameters: Mapping[str, Any] | None = None,
    sample: pd.DataFrame | None = None,
    code_paths: Sequence[str | Path] = (),
    versions: Mapping[str, str] | None = None,
) -> Path:
    """Write a model with all that a service needs, and ask it back from disk before it is left.

    Args:
        model: a fitted estimator with `predict()`, as scikit-learn's have it.
        folder: made if need be; nothing of it is changed when the model cannot be served.
        X: the rows it was trained on: a frame or matrix (n, columns), or n texts.
        y: what it was trained to predict, (n,), for the baseline figures.
        by: who or what trained it.
        metrics: how good it is on rows that were held out.
        parameters: what it was trained with.
        sample: rows to publish as the example of a request instead of made-up ones.
        code_paths: modules (.py) that the model needs and the service has beside its script.
        versions: what the file was written with, where that is not what is installed here.

    Returns:
        The folder.

    Raises:
        NotServable: no service could serve it; the message says why and what to do.
        OSError: the folder cannot be written.
    """
    if not hasattr(model, "predict"):
        raise NotServable(f"{type(model).__name__} has no predict(): it cannot score new rows")
    table, form = as_table(X)
    versions = versions or libraries(model)
    compared = table.iloc[np.unique(np.linspace(0, len(table) - 1, COMPARED_ROWS).astype(int))]
    here = _predicted(model, form(compared), "the table it is packaged with")
    with made(Path(folder)) as target, tempfile.TemporaryDirectory(dir=target, prefix=".") as part:
        place = Path(part)
        rows = _accepted(model, form, typical_rows(table) if sample is None else sample)
        joblib.dump(model, place / FILE)
        asked = write_sample(place, rows)
        there, answer = ask(place / FILE, [form(compared), form(asked)],
                            [Path(path) for path in code_paths])  # fmt: skip
        check_same(there, here)
        write_answer(place, answer)
        predictions = model.predict(form(table))
        targets = {"predicted": _column(predictions)}
        if y is not None:
            targets["true"] = _column(y)
        figures = baseline(table, {k: v for k, v in targets.items() if v is not None})
        (place / "baseline.json").write_text(json.dumps(figures, indent=2) + "\n")
        entry = described(
            place / FILE, name=FILE, by=by, versions=versions, parameters=parameters or {},
            metrics=metrics or {},
        ) | {
            "data_sha256": fingerprint(table), "predictions_sha256": predictions_hash(predictions),
        }  # fmt: skip
        write_manifest(place, entry)
        publish(place, target)
    return target


def as_table(X: Any) -> tuple[pd.DataFrame, Form]:
    """Return rows as a frame, and what turns such a frame into what the model takes."""
    if isinstance(X, pd.DataFrame):
        if all(isinstance(name, str) for name in X.columns):
            return X, lambda frame: frame[list(X.columns)]
        return X.rename(columns=str), lambda frame: frame.to_numpy()
    array = np.asarray(X, dtype=object if isinstance(X, list | pd.Series) else None)
    if array.ndim == 1:
        return pd.DataFrame({TEXT_COLUMN: array}), lambda frame: frame.iloc[:, 0]
    names = [f"x{i}" for i in range(array.shape[1])]
    table = pd.DataFrame(array, columns=names).infer_objects()
    return table, lambda frame: frame.to_numpy()


def write_sample(folder: Path, rows: pd.DataFrame) -> pd.DataFrame:
    """Write the sample and return it as the service will read it."""
    if needs_parquet(rows):
        path = folder / "sample_input.parquet"
        rows.to_parquet(path, index=False)
        return pd.read_parquet(path)
    text = json.dumps(records(rows), indent=2, ensure_ascii=False)
    (folder / "sample_input.json").write_text(text + "\n", encoding="utf-8")
    read = pd.DataFrame(json.loads(text))
    for name in read.select_dtypes(object):
        read[name] = read[name].where(read[name].notna(), np.nan)
    return read


def write_answer(folder: Path, answer: Any) -> None:
    """Write what the model answers to its sample: one result per row."""
    values = np.asarray(answer).tolist()
    if np.ndim(answer) == 2:
        values = [{f"output_{i}": value for i, value in enumerate(row)} for row in values]
    (folder / "sample_output.json").write_text(json.dumps({"Results": values}, indent=2) + "\n")


def publish(place: Path, target: Path) -> None:
    """Move the files to where they are looked for, the model last: it is what a service finds."""
    for path in sorted(place.iterdir(), key=lambda path: path.name == FILE):
        path.replace(target / path.name)


def _accepted(model: Any, form: Form, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the sample without its nulls where the model takes none."""
    complete = rows.dropna()
    words = [str(name) for name in rows if WORD in set(rows[name])]
    _predicted(model, form(complete if len(complete) else rows), "its sample", _hint(words))
    try:
        model.predict(form(rows))
    except Exception:  # noqa: BLE001 - whatever it raises, it does not take null
        nullable = [str(name) for name in rows if rows[name].isna().any()]
        warnings.warn(
            f"the table has missing values in {', '.join(nullable)}, which the model refuses: a "
            "request with null there will be answered with 400",
            stacklevel=3,
        )
        return complete
    return rows


def _hint(words: Sequence[str]) -> str:
    if not words:
        return ""
    return (
        f". No value of {', '.join(words)} is shared by five rows, so the sample holds the word "
        f"{WORD!r}: leave such columns out and train again, or give sample="
    )


def _predicted(model: Any, table: Any, what: str, hint: str = "") -> Any:
    try:
        return model.predict(table)
    except Exception as error:
        reason = f"{type(error).__name__}: {str(error).strip().splitlines()[0]}"
        raise NotServable(f"the model does not predict {what}: {reason}{hint}") from error


def _column(values: Any) -> pd.Series | None:
    """Return values in one dimension as a column; None for several outputs."""
    return pd.Series(np.asarray(values)) if np.ndim(values) == 1 else None
