"""Answers as values: the health probe's, and what it leaves to the app."""

from __future__ import annotations

from host.messages import ID_CHARACTERS, health


def test_a_probe_is_answered_with_its_ids() -> None:
    """The request's ids come back; without one there is a new one, twice."""
    answer = health([(b"x-request-id", b"mine"), (b"traceid", b"t")], {})
    assert answer is not None
    assert dict(answer.headers)["x-request-id"] == "mine"
    assert dict(answer.headers)["TraceId"] == "t"
    fresh = health([], {})
    assert fresh is not None
    headers = dict(fresh.headers)
    assert headers["x-request-id"] == headers["x-ms-request-id"] != ""


def test_only_what_takes_the_app_is_left_to_it() -> None:
    """A page of another origin and a long id wait for the app; a probe under CORS does not."""
    cors = {"AML_CORS_ORIGINS": "https://a.example"}
    assert health([(b"origin", b"https://a.example")], cors) is None
    assert health([(b"x-request-id", b"r" * (ID_CHARACTERS + 1))], {}) is None
    assert health([(b"host", b"a")], cors) is not None
