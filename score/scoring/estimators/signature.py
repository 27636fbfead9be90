"""What a model takes: the sample that decides its columns, their order and their types.

Taken from the first of these that is there:

1. `NAME.sample_input.json`/`.parquet` or `sample_input.json`/`.parquet` beside the model,
2. the signature of an MLflow model, then its input example,
3. the columns of a pipeline's ColumnTransformer, text or number by what its encoders learned,
4. `feature_names_in_`, else `n_features_in_`: numbers,
5. a text vectorizer that gets the input: one column of text.

A null in any row makes the column nullable. Made-up values only: the sample is published in
the Swagger document.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from scoring.errors import ModelBroken
from scoring.estimators.learned import NUMBER, TEXT, learned_columns
from scoring.estimators.mlflow_signature import signed_sample
from scoring.estimators.native_categories import native_categories
from scoring.estimators.sample_file import INPUT, recorded_sample
from scoring.estimators.structure import entrances, feature_names, may_read_texts
from scoring.models.loading import LoadedModel

#: The one column of a model that was trained on texts.
TEXT_COLUMN = "text"


@dataclass(frozen=True)
class Sample:
    """Rows of a model's input.

    Attributes:
        rows: at least one; (rows, columns).
        source: where they come from, for an error.
        written: somebody wrote them; otherwise they were made from the estimator.
        optional: columns that a record may leave out.
        plain_categories: columns that are categorical here, so that only known values are
            accepted, and were text or numbers in training.
    """

    rows: pd.DataFrame
    source: str
    written: bool
    optional: tuple[str, ...] = ()
    plain_categories: frozenset[str] = frozenset()

    @property
    def made_up(self) -> bool:
        """Whether nobody has written the rows, as those of an estimator or a signature."""
        return not self.written or bool(self.optional)


def samples_of(loaded: LoadedModel) -> list[Sample]:
    """Return the sample of a model's input; several where only trying tells which it takes.

    Raises:
        ModelBroken: nothing tells the columns, or two have one name; the message says what to
            put where.
    """
    path, model = loaded.path, loaded.model
    for part in (model, *entrances(model)):
        refuse_twins(feature_names(part) or [])
    recorded = recorded_sample(path)
    if recorded is not None:
        return [Sample(recorded, INPUT, True)]
    signed = signed_sample(path)
    if signed is not None:
        rows, optional = signed
        refuse_twins([str(name) for name in rows.columns])
        return [Sample(rows, "the row made from its signature", True, optional)]
    derived = _from_estimator(model)
    if not derived:
        raise ModelBroken(
            f"{path.name} ({type(model).__name__}) does not tell its input columns. "
            f"Put {INPUT}.json beside it: a JSON list with one record of made-up values."
        )
    return derived


def refuse_twins(names: list[str]) -> None:
    """Refuse columns of one name: one cell of a record would feed both.

    Raises:
        ModelBroken: naming the first.
    """
    if len(set(names)) < len(names):
        twin = next(name for i, name in enumerate(names) if name in names[:i])
        raise ModelBroken(
            f"It was trained with two columns called {twin!r}, and a record has one value of a "
            "name. Give the columns different names and train again."
        )


def _from_estimator(model: Any) -> list[Sample]:
    # A vectorizer knows no columns; what stands before it may.
    for source in (model, *entrances(model)):
        names = feature_names(source)
        if names is None:
            continue
        if hasattr(source, "input_types"):
            cells = {n: _cell(kind) for n, kind in zip(names, source.input_types, strict=True)}
            return [_derived(pd.DataFrame(cells))]
        native = native_categories(source, names)
        typed = {
            name: pd.Categorical(values[:1], categories=values) for name, values in native.items()
        }
        tables = learned_columns(model, names)
        return [_derived(pd.DataFrame(table | typed), native) for table in tables]
    return [_derived(pd.DataFrame({TEXT_COLUMN: [TEXT]}))] if may_read_texts(model) else []


def _derived(rows: pd.DataFrame, native: Collection[str] = ()) -> Sample:
    """Return a sample made from an estimator; `native` columns are categorical in training."""
    categorical = rows.columns[[isinstance(d, pd.CategoricalDtype) for d in rows.dtypes]]
    plain = frozenset(map(str, categorical)) - frozenset(native)
    return Sample(rows, "the row made from its own columns", False, plain_categories=plain)


def _cell(kind: Any) -> pd.Series[Any]:
    return pd.Series([TEXT if kind is np.object_ else kind(NUMBER)])
