""" Contains all the data models used in inputs/outputs """

from .data_row import DataRow
from .error_response import ErrorResponse
from .field_error import FieldError
from .get_swagger_spec_response_200 import GetSwaggerSpecResponse200
from .get_swagger_spec_version import GetSwaggerSpecVersion
from .inputs import Inputs
from .service_input import ServiceInput
from .service_output import ServiceOutput

__all__ = (
    "DataRow",
    "ErrorResponse",
    "FieldError",
    "GetSwaggerSpecResponse200",
    "GetSwaggerSpecVersion",
    "Inputs",
    "ServiceInput",
    "ServiceOutput",
)
