"""All models of a folder behind one run()."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from inference_schema.schema_decorators import output_schema
from inference_schema.schema_util import get_input_schema
from scoring.errors import InvalidInput, ModelUnavailable
from scoring.multi_model.service import ModelService
from scoring.outputs.encoding import plain
from scoring.parameters.decorators import input_schema
from scoring.parameters.deferred import Deferred

from tests.several import constant, write

MODELS = {"one/1": constant(1.0), "two/1": constant("red", columns=2), "broken/1": None}
ROW = [{"x0": 1.0}]


def several(folder: Path, **environ: str) -> ModelService:
    return ModelService({"AZUREML_MODEL_DIR": str(write(folder, MODELS)), **environ})


def test_the_answer_names_who_scored(tmp_path: Path) -> None:
    """The model that is named scores; its own default method is the default."""
    models = several(tmp_path)
    assert models.score(ROW, {"model": "one"}, "") == {
        "Results": [1.0],
        "model": "one",
        "version": "1",
    }
    pair = [{"x0": 1.0, "x1": 2.0}]
    parameters = {"model": "two", "method": "predict_proba"}
    assert plain(models.score(pair, parameters, "")["Results"]) == [{"red": 1.0}]


@pytest.mark.parametrize(
    ("rows", "parameters", "error"),
    [
        (ROW, {"model": "two"}, InvalidInput),
        (ROW, {"model": "one", "method": "predict_proba"}, InvalidInput),
        (ROW, {}, InvalidInput),
        ("rows", {"model": "one"}, InvalidInput),
        (ROW, {"model": "broken"}, ModelUnavailable),
    ],
)
def test_each_model_checks_for_itself(
    tmp_path: Path, rows: Any, parameters: dict[str, Any], error: type[Exception]
) -> None:
    """Columns, methods and state are those of the model that is asked."""
    with pytest.raises(error):
        several(tmp_path).score(rows, parameters, "")


@pytest.mark.parametrize(
    ("environ", "required"),
    [({}, ["Inputs", "GlobalParameters"]), ({"SCORING_MODEL": "one"}, ["Inputs"])],
)
def test_a_request_has_to_name_a_model_where_none_is_preferred(
    tmp_path: Path, environ: dict[str, str], required: list[str]
) -> None:
    """The document asks for GlobalParameters.model unless a setting answers it."""
    inputs, parameters, results = Deferred(), Deferred(), Deferred()

    def run(Inputs: Any = ..., GlobalParameters: Any = ...) -> Any:  # noqa: N803 - as at the doors
        return Inputs, GlobalParameters

    # The registry of inference-schema goes by name: each case needs its own.
    run.__name__ = run.__qualname__ = f"run_{len(required)}"
    decorated = input_schema("Inputs", inputs)(output_schema(results)(run))
    decorated = input_schema("GlobalParameters", parameters)(decorated)
    several(tmp_path, **environ).declare(decorated, inputs, parameters, results)
    schema = get_input_schema(decorated)
    assert schema["required"] == required
    choices = schema["properties"]["GlobalParameters"]
    assert choices["properties"]["model"]["enum"] == ["broken", "one", "two"]
    assert ("model" in choices.get("required", ())) is ("GlobalParameters" in required)


def test_the_shadow_is_described(tmp_path: Path) -> None:
    """The description names the shadow, or says that there is none."""
    assert several(tmp_path / "a").describe()["shadow"] is None
    assert several(tmp_path / "b", SCORING_SHADOW="one:1").describe()["shadow"] == "one:1"
