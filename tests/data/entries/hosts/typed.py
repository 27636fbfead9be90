"""An entry script with inference-schema's own types, as Microsoft's examples have them."""

from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema, output_schema


def init():
    pass


@input_schema("times", StandardPythonParameterType(1))
@input_schema("word", StandardPythonParameterType("a"))
@output_schema(StandardPythonParameterType("a"))
def run(word, times=1):
    return word * times
