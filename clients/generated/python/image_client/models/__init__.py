""" Contains all the data models used in inputs/outputs """

from .error_response import ErrorResponse
from .field_error import FieldError
from .get_swagger_spec_response_200 import GetSwaggerSpecResponse200
from .get_swagger_spec_version import GetSwaggerSpecVersion
from .options import Options
from .options_polarity import OptionsPolarity
from .picture_result import PictureResult
from .probabilities import Probabilities
from .service_input import ServiceInput

__all__ = (
    "ErrorResponse",
    "FieldError",
    "GetSwaggerSpecResponse200",
    "GetSwaggerSpecVersion",
    "Options",
    "OptionsPolarity",
    "PictureResult",
    "Probabilities",
    "ServiceInput",
)
