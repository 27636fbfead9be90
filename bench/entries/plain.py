"""score.py as inference-schema's own types make it: the peer of `bench.request`."""

import os
from pathlib import Path
from typing import Any

import joblib
import pandas as pd
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema, output_schema
from sklearn.datasets import load_diabetes

SAMPLE = load_diabetes(as_frame=True).data.head(1)
model: Any = None


def init() -> None:
    """Load the model."""
    global model
    model = joblib.load(Path(os.environ["AZUREML_MODEL_DIR"]) / "model.joblib")


@input_schema("GlobalParameters", StandardPythonParameterType({"method": "predict"}))
@input_schema("Inputs", StandardPythonParameterType({"data": PandasParameterType(SAMPLE)}))
@output_schema(StandardPythonParameterType({"Results": [206.1]}))
def run(Inputs: Any, GlobalParameters: Any = {"method": "predict"}) -> Any:  # noqa: ARG001, B006, N803
    """Score the rows of `Inputs.data`."""
    rows: pd.DataFrame = Inputs["data"]
    return {"Results": model.predict(rows).tolist()}
