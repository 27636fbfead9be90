"""A sample that JSON has no form for: the server publishes a document that is none."""

from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema


def init():
    pass


@input_schema("x", StandardPythonParameterType(float("nan")))
def run(x):
    return x
