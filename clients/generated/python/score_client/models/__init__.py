""" Contains all the data models used in inputs/outputs """

from .data_row import DataRow
from .error_response import ErrorResponse
from .field_error import FieldError
from .get_swagger_spec_response_200 import GetSwaggerSpecResponse200
from .get_swagger_spec_version import GetSwaggerSpecVersion
from .global_parameters import GlobalParameters
from .global_parameters_method import GlobalParametersMethod
from .inputs import Inputs
from .service_input import ServiceInput
from .service_output import ServiceOutput

__all__ = (
    "DataRow",
    "ErrorResponse",
    "FieldError",
    "GetSwaggerSpecResponse200",
    "GetSwaggerSpecVersion",
    "GlobalParameters",
    "GlobalParametersMethod",
    "Inputs",
    "ServiceInput",
    "ServiceOutput",
)
