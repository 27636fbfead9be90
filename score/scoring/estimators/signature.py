"""What a model takes: the sample that decides its columns, their order and their types.

Taken from the first of these that is there:

1. `NAME.sample_input.json`/`.parquet` or `sample_input.json`/`.parquet` beside the model,
2. the signature of an MLflow model,
3. the columns of a pipeline's ColumnTransformer, text or number by what its encoders learned,
4. `feature_names_in_`, else `n_features_in_`: numbers,
5. a text vectorizer as first step: one column of text.

A null in any row makes the column nullable. Made-up values only: the sample is published in
the Swagger document.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.utils import get_tags

from scoring.errors import ModelBroken
from scoring.models.formats.mlflow import MLFLOW_FILE
from scoring.models.loading import LoadedModel

#: The file beside a model; also `<the model's name>.sample_input.json`.
SAMPLE_FILE = "sample_input"

#: The one column of a model that was trained on texts.
TEXT_COLUMN = "text"

#: A number, a text: what the example in the Swagger document shows where nothing better is known.
NUMBER, TEXT = 0.0, "text"

#: What wraps an estimator, and the attribute under which scikit-learn keeps the fitted one.
WRAPPED_IN = ("best_estimator_", "regressor_", "estimator_")


def sample_of(loaded: LoadedModel) -> tuple[pd.DataFrame, bool]:
    """Return the sample of a model's input, at least one row, and whether somebody wrote it.

    Raises:
        ModelBroken: nothing tells the columns; the message says what to put where.
    """
    path = loaded.path
    recorded = recorded_sample(path)
    if recorded is not None:
        return recorded, True
    signed = _from_signature(path) if (path / MLFLOW_FILE).is_file() else None
    if signed is not None:
        return signed, True
    derived = _from_estimator(loaded.model)
    if derived is None:
        raise ModelBroken(
            f"{path.name} ({type(loaded.model).__name__}) does not tell its input columns. "
            f"Put {SAMPLE_FILE}.json beside it: a JSON list with one record of made-up values."
        )
    return derived, False


def recorded_sample(model: Path) -> pd.DataFrame | None:
    """Return the sample file beside a model (or in its folder), None when there is none.

    Raises:
        ModelBroken: the file cannot be read as a table with at least one row.
    """
    folders = [model, model.parent] if model.is_dir() else [model.parent]
    names = (f"{model.stem}.{SAMPLE_FILE}", SAMPLE_FILE)
    for file in (folder / name for folder in folders for name in names):
        for suffix, read in ((".json", _read_json), (".parquet", _read_parquet)):
            candidate = file.with_name(file.name + suffix)
            if candidate.is_file():
                sample = read(candidate)
                if sample.empty:
                    raise ModelBroken(f"{candidate.name} holds no rows: one is needed.")
                return sample
    return None


def _read_json(path: Path) -> pd.DataFrame:
    try:
        records = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelBroken(f"{path.name} is not JSON: {error}.") from None
    scalars = str | int | float | None
    if not isinstance(records, list) or not all(
        isinstance(row, dict) and all(isinstance(cell, scalars) for cell in row.values())
        for row in records
    ):
        raise ModelBroken(
            f'{path.name} must be a list of records of plain values: [{{"age": 1.5}}].'
        )
    return pd.DataFrame(records)


def _read_parquet(path: Path) -> pd.DataFrame:
    try:
        return pd.read_parquet(path)
    except ImportError:
        raise ModelBroken(
            f"{path.name} needs the package pyarrow. "
            "Add the line '- pyarrow' to the pip list of env.yml, or write the sample as JSON."
        ) from None
    except (OSError, ValueError) as error:
        raise ModelBroken(f"{path.name} is not Parquet: {error}.") from None


def _from_signature(folder: Path) -> pd.DataFrame | None:
    """Return a sample by an MLflow model's signature; None without one, or one of tensors."""
    from mlflow.models import Model

    signature = Model.load(str(folder)).signature
    if signature is None or signature.inputs is None or signature.inputs.is_tensor_spec():
        return None
    specified = signature.inputs.inputs
    # A second row, where a null in it is needed to say that a column may be null.
    rows = 1 if all(column.required for column in specified) else 2
    columns = {}
    for i, column in enumerate(specified):
        name = f"x{i}" if column.name is None else column.name
        columns[name] = _signed_cells(np.dtype(column.type.to_pandas()), column.required, rows)
    return pd.DataFrame(columns)


def _signed_cells(kind: np.dtype[Any], required: bool, rows: int) -> pd.Series[Any]:
    """Return a column of a signature's type, with a null in its last row unless required."""
    fillers: dict[str, Any] = {"M": pd.Timestamp(2026, 1, 1), "b": False, "f": NUMBER}
    first = TEXT if kind.kind in "OUS" else fillers.get(kind.kind, 0)
    if required:
        return pd.Series([first] * rows, dtype=kind)
    # numpy has no null among whole numbers, where MLflow itself asks for floats, and booleans.
    nullable = {"i": "float64", "u": "float64", "b": "object"}.get(kind.kind, kind)
    return pd.Series([first, None], dtype=nullable)


def _from_estimator(model: Any) -> pd.DataFrame | None:
    first = first_step(model)
    if hasattr(first, "transformers_"):
        return _from_column_transformer(first)
    if takes_text(first):
        return pd.DataFrame({TEXT_COLUMN: [TEXT]})
    for source in (model, first):
        names = feature_names(source)
        if names is not None:
            kinds = getattr(source, "input_types", [np.float64] * len(names))
            return pd.DataFrame(
                {name: _cells(kind) for name, kind in zip(names, kinds, strict=True)}
            )
    return None


def feature_names(model: Any) -> list[str] | None:
    """Return a model's columns; `x0`, `x1`, ... where it knows only how many."""
    names = getattr(model, "feature_names_in_", None)
    if names is not None:
        return [str(name) for name in names]
    count = getattr(model, "n_features_in_", None)
    return None if count is None else [f"x{i}" for i in range(count)]


def first_step(model: Any) -> Any:
    """Return what gets the input first: inside searches and pipelines."""
    while True:
        inner = next((getattr(model, name) for name in WRAPPED_IN if hasattr(model, name)), None)
        if inner is None and getattr(model, "steps", None):
            steps = [step for _, step in model.steps if step not in ("passthrough", None)]
            inner = steps[0]
        if inner is None or inner is model:
            return model
        model = inner


def takes_text(step: Any) -> bool:
    """Tell whether an estimator takes texts in one dimension, as a vectorizer does."""
    try:
        tags = get_tags(step).input_tags
    except (AttributeError, TypeError, ValueError):
        # No scikit-learn estimator.
        return False
    return bool(tags.string and not tags.two_d_array)


def _from_column_transformer(transformer: Any) -> pd.DataFrame:
    """Return one made-up row for every column that is not dropped.

    A column that an encoder knows the categories of and refuses others is categorical; one
    whose encoder ignores others, or that goes to a vectorizer, is text; the rest are numbers.
    """
    names = feature_names(transformer) or []
    positions = pd.DataFrame([range(len(names))], columns=names)
    cells: dict[str, pd.Series[Any]] = {}
    for _, step, chosen in transformer.transformers_:
        if isinstance(step, str) and step == "drop":
            continue
        used = list(_select(positions, chosen).iloc[0])
        for i, position in enumerate(used):
            name = names[position]
            learned = _learned_cells(step, i)
            if learned is not None or name not in cells:
                cells[name] = _cells(np.float64) if learned is None else learned
    return pd.DataFrame({name: cells[name] for name in names if name in cells})


def _select(frame: pd.DataFrame, chosen: Any) -> pd.DataFrame:
    """Return the columns that a ColumnTransformer's specification means."""
    if isinstance(chosen, str):
        return frame[[chosen]]
    named = chosen.start if isinstance(chosen, slice) else next(iter(chosen), None)
    chosen_frame: pd.DataFrame = (
        frame.loc[:, chosen] if isinstance(named, str) else frame.iloc[:, chosen]
    )
    return chosen_frame


def _learned_cells(step: Any, index: int) -> pd.Series[Any] | None:
    """Return a column for what the encoder in `step` learned; None when it holds none."""
    parts = [part for _, part in step.steps] if hasattr(step, "steps") else [step]
    for part in parts:
        if hasattr(part, "categories_"):
            return _categories(part, index)
        if not isinstance(part, str) and takes_text(part):
            return pd.Series([TEXT])
    return None


def _categories(encoder: Any, index: int) -> pd.Series[Any]:
    known = [value for value in encoder.categories_[index].tolist() if not pd.isna(value)]
    if known and getattr(encoder, "handle_unknown", "ignore") == "error":
        return pd.Series(pd.Categorical(known[:1], categories=known))
    # A category the encoder knows would do as well, but is training data.
    filler: Any = TEXT if all(isinstance(value, str) for value in known) else NUMBER
    return pd.Series([filler])


def _cells(kind: Any) -> pd.Series[Any]:
    return pd.Series([TEXT if kind is np.object_ else kind(NUMBER)])
