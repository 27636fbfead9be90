"""The Python client against a hostile service: nothing hangs, is lost or doubled."""

from __future__ import annotations

import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

import pytest
from scoring_client import IncompleteScores, ScoringClient, ScoringError, transport

from tests.clients import hostile
from tests.clients.hostile import Behaviour, HostileServer, html_page, status

#: Every test here ends long before: a client that hangs is a failure, not a slow test.
pytestmark = pytest.mark.timeout(60)

ROWS = [{"x": number} for number in range(10)]
DOUBLED = [number * 2 for number in range(10)]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "BACKOFF_SECONDS", 0.001)


def client_of(server: HostileServer, **options: Any) -> ScoringClient:
    return ScoringClient(server.uri, **{"timeout": 0.3, "chunk_rows": 1, **options})


PASSING = {
    "429": status(429),
    "429 with Retry-After": status(429, Retry_After="0"),
    "429 with nonsense": status(429, Retry_After="soon"),
    "502 page": html_page(502),
    "503": status(503),
    "504": status(504),
    "cut before": hostile.cut_before,
    "reset": hostile.reset,
    "cut within its head": hostile.cut_head,
    "cut within": hostile.cut_within,
    "cut within a chunk": hostile.cut_chunk,
    "length too long": hostile.length_too_long,
    "length too short": hostile.length_too_short,
    "no HTTP": hostile.no_http,
    "silent": hostile.silent,
    "drips its head": hostile.drip_head,
    "drips its body": hostile.drip_body,
}


@pytest.mark.parametrize("behaviour", PASSING.values(), ids=PASSING)
def test_what_passes_is_tried_again(behaviour: Behaviour) -> None:
    """A fault that passes costs another attempt, and no result."""
    with HostileServer(behaviour, behaviour) as server, client_of(server, retries=2) as client:
        assert client.score(ROWS[:1]) == DOUBLED[:1]
        assert len(server.exchanges) == 3


@pytest.mark.parametrize("behaviour", PASSING.values(), ids=PASSING)
def test_what_stays_is_an_error(behaviour: Behaviour) -> None:
    """A fault that stays ends in an error after the attempts allowed, not one more."""
    with HostileServer(otherwise=behaviour) as server, client_of(server, retries=1) as client:
        with pytest.raises(ScoringError) as caught:
            client.score(ROWS[:1])
        assert caught.value.retryable
        assert len(server.exchanges) == 2


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 413, 415, 424, 431, 500, 501])
def test_other_statuses_are_final(code: int) -> None:
    """Every other status is the service's last word."""
    with HostileServer(otherwise=status(code)) as server, client_of(server) as client:
        with pytest.raises(ScoringError, match=f"HTTP {code}: this is a {code}"):
            client.score(ROWS[:1])
        assert len(server.exchanges) == 1


def test_everything_at_once() -> None:
    """Under every fault, with four chunks on their way, each row has its own result, once."""
    script = [behaviour for behaviour in PASSING.values() for _ in range(2)]
    rows = [{"x": number} for number in range(200)]
    options = {"chunk_rows": 7, "retries": 40, "concurrency": 4}
    with HostileServer(*script) as server, client_of(server, **options) as client:
        assert client.score(rows) == [number * 2 for number in range(200)]


def test_a_chunk_that_still_fails() -> None:
    """One chunk whose attempts are used up costs its own rows; the others finish."""

    def third_is_busy(exchange: hostile.Exchange) -> None:
        (status(503) if b'"x": 2}' in exchange.body else hostile.scored)(exchange)

    options = {"retries": 1, "concurrency": 2}
    with (
        HostileServer(otherwise=third_is_busy) as server,
        client_of(server, **options) as client,
        pytest.raises(IncompleteScores) as caught,
    ):
        client.score(ROWS)
    assert caught.value.results == [*DOUBLED[:2], None, *DOUBLED[3:]]
    assert [failure.rows for failure in caught.value.failures] == [range(2, 3)]
    assert caught.value.status == 503


def test_a_chunk_that_cannot_be_sent() -> None:
    """A value that JSON has not, late in a table, costs the rows of its chunk and no others."""
    rows = [{"x": 0}, {"x": 1}, {"x": float("inf")}, {"x": 3}]
    with (
        HostileServer() as server,
        client_of(server) as client,
        pytest.raises(IncompleteScores, match="infinite") as caught,
    ):
        client.score(rows)
    assert caught.value.results == [0, 2, None, 6]
    assert caught.value.rows == range(2, 3)


@pytest.mark.parametrize("behaviour", [status(401), hostile.cut_before], ids=["401", "gone"])
def test_a_service_that_is_gone_is_left_alone(behaviour: Behaviour) -> None:
    """When no chunk can succeed the rest is not sent; what was done is kept."""
    rows = [{"x": number} for number in range(1000)]
    script = [hostile.scored] * 5
    options = {"retries": 0, "concurrency": 2}
    with HostileServer(*script, otherwise=behaviour) as server, client_of(server, **options) as c:
        with pytest.raises(IncompleteScores) as caught:
            c.score(rows)
        assert len(server.exchanges) < 30
    results = caught.value.results
    assert len(results) == 1000
    kept = {row: result for row, result in enumerate(results) if result is not None}
    assert len(kept) == 5
    assert all(result == row * 2 for row, result in kept.items())
    assert caught.value.failures[-1].error is None


def test_retry_after_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service's own pause, in seconds or as a date, is kept; one of a day stands for down."""
    in_a_minute = formatdate(time.time() + 60, usegmt=True)
    busy = [status(429, Retry_After="7"), status(429, Retry_After=in_a_minute)]
    with HostileServer(*busy) as server, client_of(server) as client:
        waited: list[float] = []
        event = client._transport.interrupted
        monkeypatch.setattr(event, "wait", lambda seconds: waited.append(seconds))
        assert client.score(ROWS[:1]) == DOUBLED[:1]
        assert 7 <= waited[0] < 7.1
        assert 30 < waited[1] < 61
    with (
        HostileServer(status(503, Retry_After="86400")) as server,
        client_of(server) as client,
        pytest.raises(ScoringError, match="which is taken for down"),
    ):
        client.score(ROWS[:1])


def test_connections_are_reused() -> None:
    """Requests one after the other share a connection."""
    with HostileServer() as server, client_of(server, concurrency=1) as client:
        assert client.score(ROWS) == DOUBLED
        assert len(server.exchanges) == 10
        assert server.connections == 1


def test_rows_are_read_as_there_is_room() -> None:
    """However long a table is, only a few chunks of it are held at a time."""
    taken = 0

    def chunks() -> Any:
        nonlocal taken
        for number in range(100):
            taken += 1
            yield range(number, number + 1), [{"x": number}]

    with HostileServer() as server, client_of(server, concurrency=2) as client:
        outcomes = client.score_chunks(chunks())
        assert next(outcomes)[1] == [0]
        assert taken <= 4
        assert [results for _, results in outcomes] == [[row * 2] for row in range(1, 100)]


WRONG: dict[str, Callable[[hostile.Exchange], None]] = {
    "too few results": status(200, {"Results": [1]}),
    "too many results": status(200, {"Results": [1, 2, 3]}),
    "no results": status(200, {"Outcome": [1, 2]}),
    "no object": status(200, "fine"),
    "a page": html_page(200),
    "an endless redirect": status(302, Location="/score"),
}


@pytest.mark.parametrize("behaviour", WRONG.values(), ids=WRONG)
def test_wrong_answers(behaviour: Behaviour) -> None:
    """An answer that is not one result per row is an error, never a shifted table."""
    with (
        HostileServer(otherwise=behaviour) as server,
        client_of(server, chunk_rows=2) as client,
        pytest.raises(ScoringError),
    ):
        client.score(ROWS[:2])


def test_an_answer_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer longer than any is cut, before it fills the memory."""
    monkeypatch.setattr(transport, "MAX_ANSWER_BYTES", 1000)

    def flood(exchange: hostile.Exchange) -> None:
        exchange.answer(200, b"[" * 100_000, length=10**12)

    with (
        HostileServer(otherwise=flood) as server,
        client_of(server, retries=0) as client,
        pytest.raises(ScoringError, match="longer than 1000 bytes"),
    ):
        client.score(ROWS[:1])


def test_no_service_at_all() -> None:
    """A closed port is an error that names the cause."""
    with HostileServer() as server:
        uri = server.uri
    with ScoringClient(uri, retries=1) as client:
        with pytest.raises(ScoringError, match="refused") as caught:
            client.score(ROWS[:1])
        assert caught.value.status is None
        with pytest.raises(ScoringError, match="not ready after 0 s"):
            client.wait_until_ready(timeout=0)


def test_waiting_for_a_silent_service() -> None:
    """Waiting ends when it should, even if the service takes the question and says nothing."""
    with (
        HostileServer(otherwise=hostile.silent) as server,
        client_of(server, timeout=3600) as client,
        pytest.raises(ScoringError, match="not ready after 0"),
    ):
        client.wait_until_ready(timeout=0.1)


def test_behind_a_managed_endpoint() -> None:
    """The model's own status behind a 424 is told, with the body's message and id."""
    hidden = status(
        424,
        {"message": "The model failed.", "request_id": "abc"},
        ms_azureml_model_error_statuscode="500",
        x_request_id="front",
    )
    with (
        HostileServer(hidden) as server,
        client_of(server) as client,
        pytest.raises(ScoringError, match="the model's own: 500") as caught,
    ):
        client.score(ROWS[:1])
    assert (caught.value.status, caught.value.model_status) == (424, 500)
    assert caught.value.request_id == "abc"


def test_the_deployment_is_chosen() -> None:
    """The header for blue/green goes with every request."""
    with HostileServer() as server, client_of(server, deployment="green") as client:
        client.score(ROWS[:1])
        assert server.exchanges[0].headers["azureml-model-deployment"] == "green"
