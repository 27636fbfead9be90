"""Categorical columns of boosted trees, which read pandas' `category` themselves.

HistGradientBoosting, LightGBM and XGBoost keep the categories that they were trained with, each
in its own place. They need a column of that type: text is refused, or taken for missing.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scoring.errors import ModelBroken


def native_categories(model: Any, names: list[str]) -> dict[str, list[Any]]:
    """Return the categories of each column that has to be of pandas' type `category`.

    Raises:
        ModelBroken: the model has such columns, but does not tell their categories.
    """
    found = _of_histogram(model)
    if found is None:
        found = _of_lightgbm(model)
    if found is None:
        found = _of_xgboost(model)
    return {names[place]: values for place, values in (found or {}).items()}


def _of_histogram(model: Any) -> dict[int, list[Any]] | None:
    flags = getattr(model, "is_categorical_", None)
    preprocessor = getattr(model, "_preprocessor", None)
    if flags is None or preprocessor is None:
        return None
    places = np.flatnonzero(preprocessor.transformers_[0][2]).tolist()
    known = [
        [value for value in values.tolist() if value == value and value is not None]
        for values in preprocessor.named_transformers_["encoder"].categories_
    ]
    pairs = zip(places, known, strict=True)
    # Numbers it takes as they are.
    return {place: values for place, values in pairs if any(isinstance(v, str) for v in values)}


def _of_lightgbm(model: Any) -> dict[int, list[Any]] | None:
    booster: Any = getattr(model, "booster_", getattr(model, "booster", None))
    known = getattr(booster, "pandas_categorical", None)
    if not known:
        return None
    said = booster.params.get("categorical_column") or booster.params.get("categorical_feature")
    if isinstance(said, str):
        said = [int(part) for part in said.split(",") if part.strip().isdecimal()]
    if not isinstance(said, list) or len(said) != len(known):
        raise _untold("LightGBM")
    return dict(zip(said, known, strict=True))


def _of_xgboost(model: Any) -> dict[int, list[Any]] | None:
    types = getattr(model, "feature_types", None)
    if hasattr(model, "get_booster"):
        types = model.get_booster().feature_types
    places = [i for i, kind in enumerate(types or []) if kind == "c"]
    if not places:
        return None
    try:
        exported = model.get_booster().get_categories(export_to_arrow=True).to_arrow()
    except Exception:  # noqa: BLE001 - older files keep none, and pyarrow may be missing
        raise _untold("XGBoost") from None
    return {i: exported[i][1].to_pylist() for i in places if exported[i][1] is not None}


def _untold(library: str) -> ModelBroken:
    return ModelBroken(
        f"{library} was trained with columns of pandas' type category and does not tell their "
        "categories. Put a sample beside it that does: sample_input.parquet, or "
        'sample_input.json with {"COLUMN": {"categories": ["blue", "red"]}}, in the order of '
        "training."
    )
