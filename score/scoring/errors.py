"""Every error the service answers with, and whose fault each one is.

    ScoringError
    ├── ClientError             400  the request is at fault: say what and where
    │   ├── InvalidInput        400  the input does not match the sample
    │   ├── MethodNotAllowed    405
    │   ├── TooLarge            413  a limit, named
    │   └── UnsupportedMediaType 415
    └── ServiceError            500  the service is at fault
        ├── ModelNotFound       500  raised by init(): stops the service
        ├── ModelBroken         500  found, but refused or not loadable: stops a single door
        ├── OutputMismatch      500  the model answered something undeclared
        └── ModelUnavailable    503  this model is down, others may not be

The message of a ClientError is written for the client and is sent to them. The message
of a ServiceError goes to the log; the client gets `public_message` and the request id,
unless the class says otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any, ClassVar

#: How many problems an answer lists. The first few are what a person reads; the count says
#: the rest.
LISTED_PROBLEMS = 10


class ScoringError(Exception):
    """Base of all errors with an HTTP status of their own."""

    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR

    def body(self) -> dict[str, Any]:
        """Return the JSON object to answer with; it always has a `message`."""
        return {"message": str(self)}

    def headers(self) -> dict[str, str]:
        """Return the HTTP headers that belong to this error."""
        return {}


class ClientError(ScoringError):
    """The request is at fault; the message names what was found and what to send instead."""

    status = HTTPStatus.BAD_REQUEST


@dataclass(frozen=True)
class Problem:
    """One fault in the input.

    Attributes:
        where: path from the top of the body, such as `Inputs.data[17].bmi`.
        expected: what the sample calls for, such as `number`.
        found: what arrived, shortened; never a long value whole.
    """

    where: str
    expected: str
    found: str

    def __str__(self) -> str:
        """Return the problem as one sentence part."""
        return f"{self.where}: expected {self.expected}, found {self.found}"


class InvalidInput(ClientError):
    """The input does not match the sample it was declared with.

    Args:
        where: the part of the body that was checked, such as `Inputs.data`.
        problems: at least one; only the first `LISTED_PROBLEMS` are answered.
        total: how many problems there are in all, when `problems` was cut short.
    """

    def __init__(self, where: str, problems: Sequence[Problem], total: int | None = None) -> None:
        self.problems = list(problems[:LISTED_PROBLEMS])
        self.total = len(problems) if total is None else total
        count = "1 problem" if self.total == 1 else f"{self.total} problems"
        super().__init__(f"{count} in {where}: {self.problems[0]}")

    def body(self) -> dict[str, Any]:
        """Return the message, the first problems and how many there are."""
        errors = [asdict(problem) for problem in self.problems]
        return {"message": str(self), "errors": errors, "error_count": self.total}


class MethodNotAllowed(ClientError):
    """The HTTP method is not one this door answers."""

    status = HTTPStatus.METHOD_NOT_ALLOWED

    def __init__(self, method: str, allowed: Sequence[str]) -> None:
        self.allowed = tuple(allowed)
        super().__init__(f"Method {method} is not allowed here; use {' or '.join(self.allowed)}.")

    def headers(self) -> dict[str, str]:
        """Return `Allow`, which RFC 9110 section 15.5.6 requires with a 405."""
        return {"Allow": ", ".join(self.allowed)}


class TooLarge(ClientError):
    """A limit was exceeded; the message names the limit, its value and its setting."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class UnsupportedMediaType(ClientError):
    """The content type is not one this door reads."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class ServiceError(ScoringError):
    """The service is at fault; the client learns no detail, the log has it."""

    public_message: ClassVar[str] = (
        "The model failed on this request. The request itself was accepted; "
        "give the request id to the operator of the service."
    )

    def body(self) -> dict[str, Any]:
        """Return the public message only."""
        return {"message": self.public_message}


class ModelNotFound(ServiceError):
    """No model, or more than one candidate, where the service was told to look."""


class ModelBroken(ServiceError):
    """A model was found but cannot be used: not the manifest's file, damaged, a package missing."""


class OutputMismatch(ServiceError):
    """The result of `run()` does not match the declared output."""


class ModelUnavailable(ServiceError):
    """The model exists but cannot score at present; its message is safe for the client."""

    status = HTTPStatus.SERVICE_UNAVAILABLE

    def body(self) -> dict[str, Any]:
        """Return the message: it names the model, nothing private."""
        return {"message": str(self)}
