"""A door whose answer is no JSON, whatever its content type says."""

from azureml.contrib.services.aml_response import AMLResponse
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema


def init():
    pass


@input_schema("x", StandardPythonParameterType(1))
def run(x):
    return AMLResponse("<p>hello</p>", 200)
