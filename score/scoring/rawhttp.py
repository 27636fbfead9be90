"""The host's request and response classes; no other file knows them.

Under azmlinfsrv they live in `azureml_inference_server_http.api`; scripts written for its
predecessors import them from `azureml.contrib.services`, which is the fallback.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, g, has_request_context, request
from werkzeug.exceptions import RequestEntityTooLarge

from scoring.errors import TooLarge

try:
    from azureml_inference_server_http.api.aml_response import AMLResponse
except ImportError:  # an old image
    from azureml.contrib.services.aml_response import AMLResponse


def respond(body: bytes, status: int, headers: Mapping[str, str] | None = None) -> AMLResponse:
    """Return the host's response with a JSON body that is already encoded.

    Args:
        body: UTF-8 JSON.
        status: the HTTP status.
        headers: further headers.
    """
    # AMLResponse splits header values at commas, so they are set on the finished response.
    response = AMLResponse(body, status)
    response.headers["Content-Type"] = "application/json"
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def request_id() -> str:
    """Return the id the host gave this request; empty outside a request."""
    return str(getattr(g, "request_id", "")) if has_request_context() else ""


def is_response(result: object) -> bool:
    """Tell whether `run()` made a response of its own."""
    return isinstance(result, Response)


def check_length(maximum: int) -> None:
    """Refuse a request whose body is longer than `maximum` bytes.

    Raises:
        TooLarge: naming the limit and the setting that raises it.
    """
    if not has_request_context():
        return
    length = request.content_length
    if length is None:
        # Sent in chunks, without a length. Most doors have read the body by now; in one that
        # has not, reading stops at the limit.
        request.max_content_length = maximum
        try:
            length = len(request.get_data())
        except RequestEntityTooLarge:
            length = maximum + 1
    if length > maximum:
        raise TooLarge(
            f"The body has more than {maximum} bytes, which is the limit. Send fewer rows per "
            "request, or let the operator raise SCORING_MAX_BODY_BYTES."
        )


def asked(question: str) -> bool:
    """Tell whether this is a GET with `question` in its query, as in `GET /score?describe`."""
    return has_request_context() and request.method == "GET" and question in request.args
