"""scoring.parameters.results: what a door declares as its answer."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scoring.estimators.predict import predict
from scoring.parameters.results import Results
from sklearn.linear_model import LogisticRegression


def test_one_method() -> None:
    """A regressor's results are numbers, or null where the model gives no finite one."""
    declared = Results(predict=206.1)
    schema = declared.input_to_swagger()
    assert schema["required"] == ["Results"]
    items = schema["properties"]["Results"]["items"]
    assert items == {"type": "number", "format": "double", "x-nullable": True}
    assert schema["example"] == {"Results": [206.1]}
    assert declared.supported_versions() == ["2.0", "3.0", "3.1"]


def test_several_methods() -> None:
    """A classifier's results are described for every method, in words and as variants."""
    items = Results(predict="a", predict_proba={"a": 0.9, "b": 0.1}).input_to_swagger()[
        "properties"
    ]["Results"]["items"]
    assert items["description"] == (
        "By GlobalParameters.method. predict: a string; predict_proba: an object with a, b."
    )
    labels, record = items["x-one-of"]
    assert labels == {"type": "string", "title": "predict"}
    assert record["required"] == ["a", "b"]


def test_no_sample_is_refused() -> None:
    """An answer of which nothing is known cannot be declared."""
    with pytest.raises(TypeError, match="needs a sample"):
        Results()


@pytest.mark.parametrize(
    ("sample", "said"),
    [
        (1.5, {"type": "number", "format": "double"}),
        (float("nan"), {"type": "number", "format": "double"}),
        (np.float64(1.5), {"type": "number", "format": "double"}),
        (np.float32(1.5), {"type": "number", "format": "float"}),
        (3, {"type": "integer", "format": "int64"}),
        (np.int64(3), {"type": "integer", "format": "int64"}),
        (np.uint8(3), {"type": "integer", "minimum": 0, "maximum": 255}),
        (True, {"type": "boolean"}),
        (np.bool_(True), {"type": "boolean"}),
        ("a", {"type": "string"}),
        (np.str_("a"), {"type": "string"}),
        (dt.datetime(2024, 1, 2), {"type": "string", "format": "date-time"}),
        (pd.Timestamp("2024-01-02"), {"type": "string", "format": "date-time"}),
        (np.datetime64("2024-01-02T03:04:05", "ns"), {"type": "string", "format": "date-time"}),
        (dt.date(2024, 1, 2), {"type": "string", "format": "date"}),
        (Decimal("1.5"), {"type": "number"}),
        ([1.5], {"type": "array"}),
    ],
    ids=repr,
)
def test_every_scalar_says_what_it_is(sample: Any, said: dict[str, Any]) -> None:
    """A scalar of numpy as one of Python, which is what `model.predict(SAMPLE)[0]` gives."""
    for declared in (Results(predict=sample), Results(predict="a", scores={"x": sample})):
        items = declared.input_to_swagger()["properties"]["Results"]["items"]
        schema = items["x-one-of"][1]["properties"]["x"] if "x-one-of" in items else items
        assert schema.items() >= said.items()


def test_fields_are_named_as_they_are_answered() -> None:
    """Integers are common labels of classes; JSON has only text for a key."""
    for labels, fields in (([0, 1], ["0", "1"]), ([False, True], ["false", "true"])):
        declared = Results(predict=labels[0], predict_proba=dict.fromkeys(labels, 0.5))
        variants = declared.input_to_swagger()["properties"]["Results"]["items"]["x-one-of"]
        assert (variants[1]["required"], list(variants[1]["properties"])) == (fields, fields)
        model = LogisticRegression().fit([[0.0], [1.0]], labels)
        assert list(predict(model, "predict_proba", pd.DataFrame([[0.0]]))) == fields


@pytest.mark.parametrize("sample", [None, {}, [], {"a": None}, 1j, {1, 2}], ids=repr)
def test_what_says_nothing_is_refused(sample: Any) -> None:
    """A sample without a type would switch off the check of every answer."""
    with pytest.raises(TypeError, match="predict"):
        Results(predict=sample)
