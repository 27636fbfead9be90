"""An entry script whose sample holds an invented address that it does not declare as invented."""

from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema, output_schema
from scoring import endpoint


def init():
    pass


@endpoint
@input_schema("contact", StandardPythonParameterType("somebody@example.org"))
@output_schema(StandardPythonParameterType(1))
def run(contact):
    return len(contact)
