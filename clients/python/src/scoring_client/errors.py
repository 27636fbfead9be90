"""What can go wrong between this machine and the model, and whose fault each one is.

ScoringError            one request: the service refused it, or could not be reached
├── SignInFailed        the credential gave no token, so that nothing was sent
└── IncompleteScores    a large table: some chunks failed, the results of the others are kept
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: How much of a page that is no JSON is repeated.
SHOWN_CHARACTERS = 200

#: How much of a service's own message is: its longest lists ten faults.
MESSAGE_CHARACTERS = 1500

#: How many faults of one request are kept; the service lists ten.
LISTED_ERRORS = 100

#: Where services and Azure's front ends put the id of a request.
REQUEST_ID_HEADERS = ("x-request-id", "x-ms-request-id", "x-ms-client-request-id")


def clean(text: object, limit: int = SHOWN_CHARACTERS) -> str:
    """Return text of unknown origin as one line for a terminal or a log.

    Control characters, which can move a terminal's cursor, and marks of writing direction, which
    can show a text as another, become spaces; what is longer than `limit` characters is cut.
    """
    # What is far beyond the limit is not even looked at.
    start = str(text)[: 4 * limit]
    shown = " ".join("".join(c if c.isprintable() else " " for c in start).split())
    return f"{shown[: limit - 1]}\u2026" if len(shown) > limit else shown


def counted(number: int, what: str) -> str:
    """Return a number and what it counts: `1 row`, `2 rows`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def shown_rows(first: int, last: int) -> str:
    """Return what a message calls some rows."""
    return f"row {first}" if first == last else f"rows {first} to {last}"


class ScoringError(Exception):
    """A request that got no result.

    Attributes:
        status: the HTTP status; None when no answer arrived at all.
        message: the service's own message, else what happened.
        request_id: the id to give to the operator of the service; None without an answer.
        errors: the fields at fault, as the service lists them: `where`, `expected`, `found`.
            Like `message` shortened, on one line, without control characters.
        error_count: how many faults there are; the service lists only the first.
        model_status: the model's own status when a managed endpoint hides it behind a 424.
        rows: the rows this request was about, counted from 0; None when it was not a table's.
        retryable: the same request may succeed later: the service was busy or out of reach.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        request_id: str | None = None,
        errors: Sequence[Mapping[str, Any]] = (),
        error_count: int | None = None,
        model_status: int | None = None,
        retryable: bool = False,
    ) -> None:
        self.message = clean(message, MESSAGE_CHARACTERS)
        super().__init__(self.message)
        self.status = status
        self.request_id = clean(request_id) if request_id else None
        self.errors = [
            {clean(name): clean(said) for name, said in error.items()}
            for error in errors[:LISTED_ERRORS]
        ]
        self.error_count = len(errors) if error_count is None else error_count
        self.model_status = model_status
        self.retryable = retryable
        self.rows: range | None = None

    def __str__(self) -> str:
        """Return one line: rows, status, message, request id."""
        parts = []
        if self.rows is not None:
            parts.append(f"{shown_rows(self.rows.start, self.rows.stop - 1)}: ")
        if self.status is not None:
            model = f" (the model's own: {self.model_status})" if self.model_status else ""
            parts.append(f"HTTP {self.status}{model}: ")
        parts.append(self.message)
        if self.request_id:
            parts.append(f" [request id {self.request_id}]")
        return "".join(parts)

    @property
    def concerns_every_request(self) -> bool:
        """Whether another request would fare the same: sign-in, address, method, type."""
        return self.status in {301, 302, 303, 307, 308, 401, 403, 404, 405, 415}

    def as_dict(self) -> dict[str, Any]:
        """Return what a program wants to know, ready for JSON; rows are first and last."""
        found: dict[str, Any] = {
            "status": self.status,
            "model_status": self.model_status,
            "message": self.message,
            "request_id": self.request_id,
            "errors": self.errors,
        }
        if self.rows is not None:
            found["rows"] = [self.rows.start, self.rows.stop - 1]
        return {key: value for key, value in found.items() if value is not None and value != []}


class SignInFailed(ScoringError):
    """The credential gave no token.

    Args:
        reason: what it said; azure-identity lists all that it has tried, a line each.
    """

    def __init__(self, reason: str) -> None:
        said = clean(reason, 2 * SHOWN_CHARACTERS)
        super().__init__(f"the credential gives no token: {said}")

    @property
    def concerns_every_request(self) -> bool:
        """Whether another request would fare the same: it would."""
        return True


@dataclass(frozen=True)
class Failure:
    """Rows without a result: one that the service named, or a whole chunk.

    Attributes:
        rows: their numbers, counted from 0.
        error: why it failed; None when it was never sent.
    """

    rows: range
    error: ScoringError | None


class IncompleteScores(ScoringError):
    """Some rows of a table could not be scored; the results of the others are kept.

    Attributes:
        failures: the rows without a result, in order.
        results: what `score()` would have returned, with None (NaN in numbers) for the
            rows of `failures`.
    """

    def __init__(self, failures: Sequence[Failure], results: Any, total: int) -> None:
        self.failures = list(failures)
        self.results = results
        first = next(failure.error for failure in self.failures if failure.error is not None)
        missing = sum(len(failure.rows) for failure in self.failures)
        super().__init__(
            f"{missing} of {total} rows have no result (the rest is in .results). "
            f"First: {first.message}",
            status=first.status,
            request_id=first.request_id,
            errors=first.errors,
            error_count=first.error_count,
            model_status=first.model_status,
            retryable=first.retryable,
        )
        self.rows = first.rows


def error_from(status: int, headers: Mapping[str, str], body: bytes) -> ScoringError:
    """Return the error that an answer other than 2xx stands for.

    Args:
        status: the HTTP status.
        headers: the answer's headers; names in any case.
        body: the answer's body: a JSON object with `message` from the service, anything at
            all from what stands in front of it.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    answer = _json_object(body)
    errors = [error for error in _list(answer.get("errors")) if isinstance(error, dict)]
    count = answer.get("error_count")
    # https://learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-online-endpoints
    model_status = lower.get("ms-azureml-model-error-statuscode", "")
    request_id = next((lower[name] for name in REQUEST_ID_HEADERS if name in lower), None)
    own_id = answer.get("request_id")
    return ScoringError(
        _message(status, lower, answer, body),
        status=status,
        request_id=own_id if isinstance(own_id, str) and own_id else request_id,
        errors=errors,
        error_count=count if isinstance(count, int) else None,
        model_status=int(model_status) if model_status.isdecimal() else None,
        retryable=status in {429, 502, 503, 504},
    )


def _message(
    status: int, headers: Mapping[str, str], answer: Mapping[str, Any], body: bytes
) -> str:
    error = answer.get("error")
    nested = error.get("message") if isinstance(error, dict) else error
    for said in (answer.get("message"), nested):
        if isinstance(said, str) and said.strip():
            return said.strip()
    if 300 <= status < 400:
        to = clean(headers.get("location", "nowhere"))
        return f"the service is not here; it points to {to}: give that address"
    kind = headers.get("content-type", "no content type").split(";")[0].strip()
    text = body.decode(errors="replace")
    title = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
    shown = clean(title.group(1) if title else text)
    reason = clean(headers.get("ms-azureml-model-error-reason", ""))
    said = "; ".join(part for part in (reason, shown) if part)
    return f"the answer is {kind}, not the service's JSON: {said or 'empty'}"


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
