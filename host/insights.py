"""Application Insights, through azmlinfsrv's own client, where it is switched on.

Importing that client costs half a second, so it is not imported where it is off.
"""

from __future__ import annotations

import sys
from typing import Any

from azureml_inference_server_http.server.config import config
from flask import Response, g, request


class Insights:
    """What is told to Application Insights: nothing, where it is off."""

    def answered(self, response: Response, milliseconds: float) -> None:
        """Tell about one request and its answer."""

    def scored(self, script: Any, result: Any) -> None:
        """Tell the input and the output of one successful `run()`."""

    def failed(self) -> None:
        """Tell the exception that is being handled."""


class Client(Insights):
    """Through azmlinfsrv's client."""

    def __init__(self) -> None:
        from azureml_inference_server_http.server.appinsights_client import AppInsightsClient

        self._client = AppInsightsClient()

    def answered(self, response: Response, milliseconds: float) -> None:
        """Tell about one request and its answer."""
        self._client.log_request(
            request=request,
            response=response,
            start_datetime=g.start_datetime,
            duration_ms=milliseconds,
            request_id=g.request_id,
            client_request_id=g.client_request_id,
        )

    def scored(self, script: Any, result: Any) -> None:
        """Tell the input and the output of one successful `run()`."""
        # An object's parameters by name; a text or a raw request as it is, as azmlinfsrv has it.
        named = hasattr(script.input_parser.parser, "parameters")
        told = result.input if named else next(iter(result.input.values()))
        self._client.send_model_data_log(g.request_id, g.client_request_id, told, result.output)

    def failed(self) -> None:
        """Tell the exception that is being handled."""
        self._client.send_exception_log(sys.exc_info(), g.request_id, g.client_request_id)


def connect() -> Insights:
    """Return the client that the settings ask for."""
    return Client() if config.app_insights_enabled and config.app_insights_key else Insights()
