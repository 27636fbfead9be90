"""scoring.results: what a door declares as its answer."""

from __future__ import annotations

import pytest
from scoring.results import Results


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
