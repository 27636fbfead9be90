"""What a Studio client is told: the error document of the old service, and its codes.

    StudioError
    ├── BadArgument            400  the request is at fault; `details` say which rule
    ├── ModuleExecutionError   400  the script raised, or returned what is no table
    ├── TimedOut               408
    ├── MemoryExceeded         413
    ├── LimitExceeded          413  a limit of studio.yml, named
    ├── NotAllowed             405
    └── Busy                   503

Clients read `error.code` and `error.details`; both are those of Studio's documentation.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any, ClassVar

from scoring.errors import ScoringError
from scoring.http.host import Request, Response, is_scoring

#: Studio's own number for a failure of the user's Python script.
SCRIPT_FAILED = "0085"

#: Codes for statuses that the server answers before the script is reached.
CODES = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "RequestEntityTooLarge",
    HTTPStatus.SERVICE_UNAVAILABLE: "NoMoreResources",
}


class StudioError(ScoringError):
    """Base of the errors that are answered as Studio did.

    Args:
        detail: what was found and what to do, for the client.
        code: the code of the detail; the class' own without it.
    """

    code: ClassVar[str] = "InternalError"
    summary: ClassVar[str] = "The service failed on this request."
    detail_code: ClassVar[str] = "InternalError"

    def __init__(self, detail: str, code: str = "") -> None:
        super().__init__(detail)
        self.detail = code or self.detail_code

    def body(self) -> dict[str, Any]:
        """Return the error document."""
        return document(self.code, self.summary, self.detail, str(self))


class BadArgument(StudioError):
    """The request is at fault."""

    status = HTTPStatus.BAD_REQUEST
    code = "BadArgument"
    summary = "Invalid argument provided."


class ModuleExecutionError(StudioError):
    """The script failed on this request."""

    status = HTTPStatus.BAD_REQUEST
    code = "ModuleExecutionError"
    summary = "Module execution encountered an error."
    detail_code = SCRIPT_FAILED


class TimedOut(StudioError):
    """The script took longer than its limit."""

    status = HTTPStatus.REQUEST_TIMEOUT
    code = detail_code = "RequestTimeout"
    summary = "The request took too long."


class MemoryExceeded(StudioError):
    """The script wanted more memory than its limit."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "MemoryQuotaViolation"
    detail_code = "OutOfMemoryLimit"
    summary = "The script exceeded the memory that it is given."


class LimitExceeded(StudioError):
    """The request or its answer is larger than a limit."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = detail_code = "RequestEntityTooLarge"
    summary = "A limit was exceeded."

    def __init__(self, what: str, limit: int, setting: str) -> None:
        super().__init__(
            f"{what}; the limit is {limit}. Send less, or let the operator raise "
            f"limits.{setting} in studio.yml."
        )


class NotAllowed(StudioError):
    """The HTTP method is not one that this door answers."""

    status = HTTPStatus.METHOD_NOT_ALLOWED
    code = "BadArgument"
    detail_code = "MethodNotAllowed"
    summary = "Invalid argument provided."

    def __init__(self, method: str) -> None:
        super().__init__(f"Method {method} is not allowed here; use POST.")

    def headers(self) -> dict[str, str]:
        """Return `Allow`, which RFC 9110 section 15.5.6 requires with a 405."""
        return {"Allow": "POST, OPTIONS"}


class Busy(StudioError):
    """Every place in which a script may run was taken for too long."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = detail_code = "NoMoreResources"
    summary = "No resource is free for this request."

    def headers(self) -> dict[str, str]:
        """Return after how many seconds another attempt makes sense."""
        return {"Retry-After": "1"}


def document(code: str, summary: str, detail_code: str, detail: str) -> dict[str, Any]:
    """Return an error as Studio's clients read it."""
    details = [{"code": detail_code, "message": detail}]
    return {"error": {"code": code, "message": summary, "details": details}}


def reword(request: Request, response: Response) -> None:
    """Give what others refuse here (the server, a size limit) the shape of Studio's errors."""
    if not is_scoring(request) or response.status_code < HTTPStatus.BAD_REQUEST:
        return
    try:
        said = json.loads(response.get_data())
    except ValueError:
        said = {}
    if isinstance(said, dict) and "error" in said:
        return
    message = str(said.get("message", "")) if isinstance(said, dict) else ""
    status = HTTPStatus(response.status_code)
    fault = "InternalError" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "BadArgument"
    code = CODES.get(status, fault)
    summary = StudioError.summary if code == "InternalError" else BadArgument.summary
    detail_code = code if status in CODES else status.phrase.replace(" ", "")
    content = document(code, summary, detail_code, message or status.phrase)
    if isinstance(said, dict) and "request_id" in said:
        content["error"]["requestId"] = said["request_id"]
    response.set_data(json.dumps(content))
    response.headers["Content-Type"] = "application/json"
