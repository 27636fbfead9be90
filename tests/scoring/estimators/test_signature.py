"""What a model takes: columns and types from the first source that tells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from scoring.errors import ModelBroken
from scoring.estimators.sample_file import recorded_sample
from scoring.estimators.signature import Sample, samples_of
from scoring.estimators.table_model import table_model
from scoring.models.loading import LoadedModel
from scoring.parameters.table import Table
from scoring.settings import Settings
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

from tests.nearly import nearly

FRAME = pd.DataFrame(
    {"a": [1.0, 2.0, 3.0, 4.0], "b": ["x", "y"] * 2, "c": [3, 1, 2, 2], "d": [0.5, 1, 2, 3]}
)
TARGET = [1.0, 2.0, 3.0, 4.0]
ONE_IMPUTED = ColumnTransformer([("i", SimpleImputer(), ["a"])], remainder="passthrough")


def loaded(model: Any, path: Path = Path("nowhere/model.joblib")) -> LoadedModel:
    return LoadedModel(model, path, "joblib", "0" * 64, None, {}, "2026-01-01T00:00:00Z", None)


def sample_of(model: LoadedModel) -> Sample:
    (sample,) = samples_of(model)
    return sample


def kinds(frame: pd.DataFrame) -> dict[str, str]:
    return {str(name): str(column.dtype) for name, column in frame.items()}


@pytest.mark.parametrize(
    "numbers", [["a", "d"], [0, 3], [True, False, False, True], make_column_selector("^[ad]$")]
)
def test_columns_of_a_column_transformer(numbers: Any) -> None:
    """Names, positions, masks and selectors mean the same columns; dropped ones are not asked."""
    transformer = ColumnTransformer(
        [("n", StandardScaler(), numbers), ("t", OneHotEncoder(), ["b"]), ("x", "drop", ["c"])]
    )
    model = make_pipeline(transformer, Ridge()).fit(FRAME, TARGET)
    sample = sample_of(loaded(model))
    assert (kinds(sample.rows), sample.written) == (
        {"a": "float64", "b": "category", "d": "float64"},
        False,
    )
    assert sample.rows["b"].cat.categories.tolist() == ["x", "y"]
    table_model(loaded(model), Settings())


def test_number_categories_are_the_known_ones() -> None:
    """An encoder of numbers takes the numbers it has seen, unless it accepts others."""
    for encoder, kind in (
        (OneHotEncoder(), "category"),
        (OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), "float64"),
    ):
        transformer = ColumnTransformer([("t", encoder, ["c"])], remainder="passthrough")
        model = make_pipeline(transformer, Ridge()).fit(FRAME[["a", "c"]], TARGET)
        assert kinds(sample_of(loaded(model)).rows) == {"a": "float64", "c": kind}


def test_a_search_is_looked_into() -> None:
    """The best estimator's first step tells the columns."""
    transformer = ColumnTransformer([("t", OneHotEncoder(handle_unknown="ignore"), ["b"])])
    search = GridSearchCV(make_pipeline(transformer, Ridge()), {"ridge__alpha": [1, 2]}, cv=2)
    assert kinds(sample_of(loaded(search.fit(FRAME, TARGET))).rows) == {"b": "object"}


@pytest.mark.parametrize(
    ("model", "nullable"),
    [
        (Ridge(), []),
        (make_pipeline(SimpleImputer(), Ridge()), ["a", "d"]),
        (HistGradientBoostingRegressor(max_iter=1), ["a", "d"]),
        (make_pipeline(ONE_IMPUTED, Ridge()), ["a"]),
    ],
)
def test_null_is_taken_where_the_model_takes_it(model: Any, nullable: list[str]) -> None:
    """Which columns are nullable is tried, column by column where needed."""
    model.fit(FRAME[["a", "d"]], TARGET)
    table = table_model(loaded(model), Settings()).table
    assert [name for name, kind in table.kinds.items() if kind.nullable] == nullable


def test_an_mlflow_signature_tells_types_and_nulls(tmp_path: Path) -> None:
    """Types and names are the signature's; what is not required may be null."""
    from mlflow.models import Model, ModelSignature
    from mlflow.types import ColSpec, Schema

    specified: list[Any] = [
        ColSpec("long", "count"),
        ColSpec("double", "size", required=False),
        ColSpec("integer", "rooms", required=False),
        ColSpec("string", "town"),
        ColSpec("boolean", "garden", required=False),
        ColSpec("datetime", "built"),
    ]
    description = Model(signature=ModelSignature(Schema(specified)))
    description.save(str(tmp_path / "MLmodel"))
    sample = sample_of(loaded(None, tmp_path))
    table = Table(sample.rows)
    assert sample.written
    assert [name for name, kind in table.kinds.items() if kind.nullable] == [
        "size",
        "rooms",
        "garden",
    ]
    row = table.input_to_swagger()["items"]["properties"]
    said = [row[column.name]["type"] for column in specified if column.name]
    assert said == ["integer", "number", "integer", "string", "boolean", "string"]
    assert row["built"]["format"] == "date-time"


def test_the_samples_types_are_the_files(tmp_path: Path) -> None:
    """JSON tells integer, number, text, boolean and null; Parquet keeps what pandas has."""
    model = tmp_path / "m.joblib"
    rows = [
        {"i": 1, "f": 1.0, "s": "x", "b": True, "n": 1.5},
        {"i": 2, "f": 2, "s": "y", "b": False, "n": None},
    ]
    (tmp_path / "sample_input.json").write_text(json.dumps(rows))
    sample = recorded_sample(model)
    assert sample is not None
    assert list(kinds(sample).values()) == ["int64", "float64", "object", "bool", "float64"]
    frame = pd.DataFrame({"when": [pd.Timestamp(2026, 1, 1)], "kind": pd.Categorical(["a"])})
    frame.to_parquet(tmp_path / "m.sample_input.parquet")
    sample = recorded_sample(model)
    assert sample is not None
    assert kinds(sample) == kinds(frame)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("sample_input.json", b"{", "is not JSON"),
        ("sample_input.json", b'{"a": 1}', "list of records"),
        ("sample_input.json", b'[{"a": [1]}]', "list of records"),
        ("sample_input.json", b"[]", "holds no rows"),
        ("sample_input.parquet", b"nothing", "is not Parquet"),
    ],
)
def test_a_bad_sample_is_named(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    """A sample that cannot be used names its file and its fault."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelBroken, match=f"^{name} .*{message}|^{name} {message}"):
        recorded_sample(tmp_path / "m.joblib")


def test_a_sample_the_model_refuses_is_named(tmp_path: Path) -> None:
    """A sample with other columns than the model's stops the start, with the model's words."""
    (tmp_path / "sample_input.json").write_text('[{"a": 1.0, "z": 2.0}]')
    model = Ridge().fit(FRAME[["a", "d"]], TARGET)
    with pytest.raises(ModelBroken, match=r"\(Ridge\) does not accept sample_input: ValueError"):
        table_model(loaded(model, tmp_path / "m.joblib"), Settings())


def test_a_sample_in_another_order_is_put_right(tmp_path: Path) -> None:
    """The model gets its columns in the order it was trained with."""
    (tmp_path / "sample_input.json").write_text('[{"d": 1.0, "a": 2.0}]')
    model = Ridge().fit(FRAME[["a", "d"]], TARGET)
    asked = table_model(loaded(model, tmp_path / "m.joblib"), Settings())
    rows = pd.DataFrame({"d": [5.0], "a": [7.0]})
    expected = model.predict(pd.DataFrame({"a": [7.0], "d": [5.0]})).tolist()
    assert asked.score("predict", rows).tolist() == nearly(expected)
