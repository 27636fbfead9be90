"""A door with a fault: it fails on its own sample, and only the log says why."""

from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema
from scoring import endpoint


def init():
    pass


@endpoint
@input_schema("x", StandardPythonParameterType(1))
def run(x):
    raise RuntimeError("deep in the model's code")
