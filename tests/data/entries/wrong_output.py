"""An entry script that declares one number per row and returns what the request names."""

import numpy as np
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema, output_schema
from scoring import Results, endpoint

ANSWERS = {
    "right": {"Results": np.array([1.5, np.nan])},
    "renamed": {"results": [1.5]},
    "text": {"Results": [1.5, "secret-text"]},
    "bare": [1.5],
    "unsendable": {"Results": [1j]},
}


def init():
    pass


@endpoint
@input_schema("case", StandardPythonParameterType("right"))
@output_schema(Results(predict=1.5))
def run(case):
    return ANSWERS[case]
