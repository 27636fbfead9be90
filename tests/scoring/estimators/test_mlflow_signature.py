"""What MLflow models say of their input, with models that MLflow itself has saved and loads."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scoring.errors import InvalidInput, ModelBroken
from scoring.estimators.table_model import TableModel, table_model
from scoring.models.discovery import ModelPath
from scoring.models.loading import load
from scoring.settings import Settings
from sklearn.linear_model import Ridge

with warnings.catch_warnings():
    # MLflow warns about its own type hints when it is imported.
    warnings.simplefilter("ignore")
    from mlflow import pyfunc, sklearn
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, ParamSchema, ParamSpec, Schema, TensorSpec
    from mlflow.types.schema import Array, DataType

    class Echo(pyfunc.PythonModel):  # type: ignore[name-defined,misc]
        """Answers what it was given: the types of the columns, the first cells, the parameters."""

        def predict(self, _context: Any, model_input: Any, params: Any = None) -> list[str]:
            """Return one text per row."""
            if isinstance(model_input, np.ndarray):
                said = f"{model_input.dtype} {model_input.shape[1]}"
            else:
                first = model_input.iloc[0]
                said = " ".join(f"{n}={k}:{first[n]}" for n, k in model_input.dtypes.items())
            return [f"{said} {params}" for _ in range(len(model_input))]


def served(folder: Path, schema: Any, params: Any = None) -> TableModel:
    """Return a model saved with this signature, as the service serves it."""
    signature = ModelSignature(Schema(schema), params=params)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = str(folder / "model")
        pyfunc.save_model(
            path,
            python_model=Echo(),
            signature=signature,
            pip_requirements=[],
        )
        return table_model(load(ModelPath.at(Path(path)), Settings()), Settings())


def ask(model: TableModel, *rows: dict[str, Any], **parameters: Any) -> Any:
    return model.score("predict", model.table.convert(list(rows), "Inputs.data"), parameters)


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> TableModel:
    """A model with a column of every type, most of which may be left out."""
    columns = [
        ColSpec("long", "n", required=False),
        ColSpec("integer", "k"),
        ColSpec("boolean", "f", required=False),
        ColSpec("binary", "b"),
        ColSpec("double", "d", required=False),
        ColSpec("string", "s", required=False),
    ]
    params = ParamSchema([ParamSpec("temperature", "double", 0.5)])
    return served(tmp_path_factory.mktemp("typed"), columns, params)


FULL = {"n": 1, "k": 2, "f": True, "b": "eA==", "d": 1.5, "s": "x"}


def test_types_are_the_signatures_and_base64_is_decoded(typed: TableModel) -> None:
    """The model gets whole numbers as such, and bytes."""
    (said,) = ask(typed, FULL)
    assert said.startswith("n=int64:1 k=int32:2 f=bool:True b=object:b'x' d=float64:1.5 s=object:x")


@pytest.mark.parametrize("row", [{"k": 2, "b": "eA=="}, FULL | dict.fromkeys("nfds")])
def test_what_is_optional_may_be_left_out_or_null(typed: TableModel, row: dict[str, Any]) -> None:
    """As MLflow's server has it: the column is not there."""
    (said,) = ask(typed, row)
    assert said.startswith("k=int32:2 b=object:b'x' {")


def test_a_whole_number_in_some_rows_only_is_the_clients_fault(typed: TableModel) -> None:
    """MLflow itself refuses such a column; the answer says which cell."""
    with pytest.raises(InvalidInput, match=r"Inputs.data\[1\].n: expected a value"):
        ask(typed, FULL, FULL | {"n": None})


def test_parameters_are_the_signatures(typed: TableModel) -> None:
    """Those that are given reach the model, the others have their default."""
    assert typed.parameters == {"temperature": 0.5}
    assert ask(typed, FULL)[0].endswith("{'temperature': 0.5}")
    assert ask(typed, FULL, temperature=0.25)[0].endswith("{'temperature': 0.25}")


def test_a_matrix_is_served(tmp_path: Path) -> None:
    """A tensor with a row per row has columns x0, x1, ..."""
    model = served(tmp_path, [TensorSpec(np.dtype("float32"), (-1, 2))])
    assert ask(model, {"x0": 1.0, "x1": 2.0})[0].startswith("float32 2")


def test_an_example_is_the_sample_without_a_signature(tmp_path: Path) -> None:
    """Its columns and types are the input's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sklearn.save_model(
            Ridge().fit([[1.0, 2.0], [2.0, 1.0]], [1.0, 2.0]),
            str(tmp_path / "m"),
            input_example=pd.DataFrame({"width": [1.5], "height": [2.5]}),
            signature=False,
        )
    loaded = load(ModelPath.at(tmp_path / "m"), Settings())
    assert list(table_model(loaded, Settings()).table.kinds) == ["width", "height"]


@pytest.mark.parametrize(
    "column", [ColSpec(Array(DataType.double), "v"), TensorSpec(np.dtype("float32"), (-1, 2, 3))]
)
def test_what_no_record_can_hold_is_one_message(tmp_path: Path, column: Any) -> None:
    """Arrays in a column, and pictures, are refused at the start with what they are."""
    with pytest.raises(ModelBroken, match="MLflow signature"):
        served(tmp_path, [column])
