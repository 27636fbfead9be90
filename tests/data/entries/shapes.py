"""An entry script with inputs of many shapes, plain types of inference-schema among them."""

import numpy as np
import pandas as pd
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from scoring import Array, Nested, Table, endpoint, input_schema

SAMPLE = pd.DataFrame({"a": [1.5], "n": [2]})
WORDS = np.array([("ab", b"cd", 1)], dtype=[("s", "U3"), ("b", "S2"), ("u", "u1")])


def init():
    pass


@endpoint
@input_schema("number", StandardPythonParameterType(5))
@input_schema("inner", StandardPythonParameterType({"n": 1, "data": PandasParameterType(SAMPLE)}))
@input_schema("table", PandasParameterType(SAMPLE))
@input_schema("matrix", NumpyParameterType(np.zeros((1, 2))))
@input_schema("loose", NumpyParameterType(np.zeros((1, 2)), enforce_shape=False))
@input_schema("words", Array(WORDS))
@input_schema("labelled", Table(SAMPLE, orient="index"))
@input_schema("numbers", Nested([1.5]))
@input_schema("items", Nested([{"x": 1}]))
def run(
    number=None,
    inner=None,
    table=None,
    matrix=None,
    loose=None,
    words=None,
    labelled=None,
    numbers=None,
    items=None,
):
    given = {name: value for name, value in locals().items() if value is not None}
    return {name: repr(value) for name, value in given.items()}
