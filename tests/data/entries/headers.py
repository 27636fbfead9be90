"""An entry script with a required, an optional and the headers' parameter."""

from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema, output_schema
from scoring import endpoint


def init():
    pass


@endpoint
@input_schema("times", StandardPythonParameterType(1))
@input_schema("word", StandardPythonParameterType("a"))
@output_schema(StandardPythonParameterType("a"))
def run(word, request_headers, times=1):
    return word * times
