"""The error tree: status, body and headers of each."""

from __future__ import annotations

import pytest
from scoring import errors
from scoring.errors import InvalidInput, MethodNotAllowed, Problem


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.ClientError("x"), 400),
        (errors.InvalidInput("x", [Problem("x", "a", "b")]), 400),
        (errors.MethodNotAllowed("PUT", ["GET"]), 405),
        (errors.TooLarge("x"), 413),
        (errors.UnsupportedMediaType("x"), 415),
        (errors.ServiceError("x"), 500),
        (errors.ModelNotFound("x"), 500),
        (errors.OutputMismatch("x"), 500),
        (errors.ModelUnavailable("x"), 503),
    ],
)
def test_status_and_message(error: errors.ScoringError, status: int) -> None:
    """Every error has a status and a body with a message."""
    assert error.status == status
    assert error.body()["message"]


def test_service_errors_keep_their_detail() -> None:
    """The client of a failing model learns nothing about it."""
    assert "secret" not in str(errors.ServiceError("secret").body())


def test_first_problems_and_their_number() -> None:
    """Ten problems are listed, all are counted, the first is in the message."""
    problems = [Problem(f"data[{i}].bmi", "number", "null") for i in range(25)]
    body = InvalidInput("Inputs.data", problems).body()
    assert body["message"] == (
        "25 problems in Inputs.data: data[0].bmi: expected number, found null"
    )
    assert len(body["errors"]) == 10
    assert body["errors"][9] == {"where": "data[9].bmi", "expected": "number", "found": "null"}
    assert body["error_count"] == 25


def test_one_problem_is_singular() -> None:
    """One problem is called one."""
    body = InvalidInput("Inputs", [Problem("Inputs.data", "a list", "null")]).body()
    assert body["message"].startswith("1 problem in Inputs: ")


def test_allow_names_the_methods() -> None:
    """405 says what is allowed, in the header too."""
    error = MethodNotAllowed("PUT", ["GET", "POST"])
    assert error.headers() == {"Allow": "GET, POST"}
    assert str(error) == "Method PUT is not allowed here; use GET or POST."
