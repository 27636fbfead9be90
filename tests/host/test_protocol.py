"""HTTP/1.1 without sockets: framing, limits, pipelining, ends; h11 is the oracle."""

from __future__ import annotations

import gzip
import random
import time

import pytest

from host.messages import Answer
from host.protocol import HEADER_BYTES, PIPELINED
from tests.host.wire import Wire, by_h11

GET = b"GET /score?a=1 HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /score HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = (
    b"POST /score HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nTrailer: t\r\n\r\n"
)


@pytest.mark.parametrize("size", [1, 3, None])
@pytest.mark.parametrize("raw", [GET, POST, CHUNKED])
def test_requests_arrive_whole_however_they_are_cut(raw: bytes, size: int | None) -> None:
    """One byte at a time or at once, the request is the same, and h11 reads the same."""
    wire = Wire()
    wire.send(raw, size)
    read = [(request.method, request.target, request.body) for request in wire.requests]
    assert (read, False) == by_h11(raw)
    assert all(name != b"trailer" for name, _ in wire.requests[0].headers)


def test_pipelined_requests_are_answered_one_by_one_in_their_order() -> None:
    """The second waits for the first's answer; many more stop the reading."""
    wire = Wire()
    wire.send(GET + POST)
    assert [request.method for request in wire.requests] == ["GET"]
    wire.answer(b"first")
    wire.answer(b"second")
    assert wire.transport.sent.index(b"first") < wire.transport.sent.index(b"second")
    wire.send(GET * (PIPELINED + 1))
    assert wire.transport.paused
    wire.answer()
    assert not wire.transport.paused


SMUGGLED = {
    "length and chunks": b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    "length with a sign": b"Content-Length: +5\r\n\r\nhello",
    "length list": b"Content-Length: 5, 5\r\n\r\nhello",
    "folded header": b"X: a\r\n b\r\n\r\n",
    "bare line feeds": b"X: a\nY: b\n\n",
    "space before colon": b"Content-Length : 5\r\n\r\nhello",
    "chunked not last": b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "unknown coding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "NUL in a value": b"X: a\0b\r\n\r\n",
    "chunk size with a sign": b"Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
    "chunk without its end": b"Transfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("headers", SMUGGLED.values(), ids=SMUGGLED)
def test_what_smuggles_is_refused(headers: bytes) -> None:
    """Nothing of it reaches run(); the answer is 400 and nothing after it is read."""
    wire = Wire()
    wire.send(b"POST /score HTTP/1.1\r\nHost: a\r\n" + headers + GET)
    assert wire.requests == []
    assert wire.statuses == [400]
    assert wire.transport.half_closed
    wire.send(GET)
    assert wire.requests == []


def test_limits_hold_while_reading() -> None:
    """A body over the limit is refused by its length or as it comes; so are large headers."""
    for raw, status in [
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello hello", 413),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * HEADER_BYTES, 431),
        (b"GET /" + b"a" * 5000, 414),
    ]:
        wire = Wire(max_body_bytes=10)
        wire.send(raw, 1000)
        wire.send(b"\r\n\r\n" if status == 431 else b"")
        assert wire.statuses == [status]
        assert wire.requests == []


def test_expectations() -> None:
    """100-continue is said only to who may go on; another expectation is refused."""
    start = b"POST /score HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\nExpect: %b\r\n\r\n"
    wire = Wire(max_body_bytes=10)
    wire.send(start % (5, b"100-Continue"))
    assert wire.transport.sent == b"HTTP/1.1 100 Continue\r\n\r\n"
    wire.send(b"hello")
    assert wire.requests[0].body == b"hello"
    for length, what, status in [(11, b"100-continue", 413), (5, b"miracles", 417)]:
        wire = Wire(max_body_bytes=10)
        wire.send(start % (length, what))
        assert wire.statuses == [status]


def test_packed_bodies() -> None:
    """Gzip is unpacked, within the limit; what is none is the client's fault."""

    def packed(body: bytes) -> bytes:
        head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
        return head % len(body) + body

    wire = Wire(max_body_bytes=100)
    wire.send(packed(gzip.compress(b"hel") + gzip.compress(b"lo")))
    assert wire.requests[0].body == b"hello"
    assert wire.requests[0].header(b"content-encoding") is None
    assert wire.requests[0].header(b"content-length") == b"5"
    for body, status in [
        (gzip.compress(bytes(10_000)), 413),
        (b"hello", 400),
        (gzip.compress(b"hello")[:-4], 400),
    ]:
        wire = Wire(max_body_bytes=100)
        wire.send(packed(body))
        assert (wire.statuses, wire.requests) == ([status], [])


def test_the_connection_goes_on_or_ends_as_the_client_says() -> None:
    """HTTP/1.1 goes on unless told otherwise, HTTP/1.0 ends unless asked."""
    for head, goes_on in [
        (b"GET /s HTTP/1.1\r\nHost: a\r\n", True),
        (b"GET /s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n", False),
        (b"GET /s HTTP/1.0\r\n", False),
        (b"GET /s HTTP/1.0\r\nConnection: keep-alive\r\n", True),
        (b"GET /s HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n", False),
    ]:
        wire = Wire()
        wire.send(head + b"\r\n")
        wire.answer()
        assert wire.transport.closed is not goes_on
        assert (b"Connection: close" in wire.transport.sent) is not goes_on
        assert b"\r\nDate: " in wire.transport.sent


def test_a_client_that_has_said_everything_still_gets_its_answers() -> None:
    """A half-closed connection is answered to the end, then closed."""
    wire = Wire()
    wire.send(GET + POST)
    assert wire.connection.eof_received()
    wire.answer(b"first")
    assert not wire.transport.closed
    wire.answer(b"second")
    assert wire.transport.closed
    assert wire.statuses == [200, 200]


def test_an_answer_in_pieces() -> None:
    """Chunks for HTTP/1.1, the bare bytes for 1.0; a broken answer has no last chunk."""
    for head, expected in [
        (b"GET /s HTTP/1.1\r\nHost: a\r\n\r\n", b"3\r\none\r\n0\r\n\r\n"),
        (b"GET /s HTTP/1.0\r\n\r\n", b"one"),
    ]:
        for broken in (False, True):
            wire = Wire()
            wire.send(head)
            request = wire.requests[0]
            wire.connection.start(request, Answer(200, [], []))
            wire.connection.piece(request, b"one")
            wire.connection.end(request, 200, broken)
            body = wire.transport.sent.partition(b"\r\n\r\n")[2]
            assert body == (expected.removesuffix(b"0\r\n\r\n") if broken else expected)
            assert wire.transport.closed is (broken or b"1.0" in head)


def test_silence_ends_a_connection() -> None:
    """Half a request is answered 408; run() may take its time; a slow reader is waited for."""
    later = time.monotonic() + 100
    wire = Wire()
    wire.send(GET[:20])
    wire.connection.look(later, 50)
    assert wire.statuses == [408]
    wire = Wire()
    wire.connection.look(later, 50)
    assert wire.transport.closed
    wire = Wire()
    wire.send(GET)
    wire.connection.look(later, 50)
    assert not wire.transport.closed
    wire.transport.unsent = 2000
    wire.connection.pause_writing()
    wire.connection.look(later, 500)
    wire.transport.unsent = 1000
    wire.connection.look(later, 50)
    assert not wire.transport.closed
    wire.connection.look(later + 100, 50)
    assert wire.transport.closed


def test_draining_answers_what_has_come_and_says_so() -> None:
    """While the worker ends, the last answer closes the connection."""
    wire = Wire()
    wire.send(GET + GET)
    wire.draining = True
    wire.answer()
    wire.answer()
    assert wire.statuses == [200, 200]
    assert wire.transport.closed
    assert wire.transport.sent.count(b"Connection: close") == 1


def test_answers_cannot_be_forged() -> None:
    """A line break in a header's value makes no second header."""
    wire = Wire()
    wire.send(GET)
    wire.connection.finish(wire.requests[0], Answer(200, [("X", "a\r\nSet-Cookie: b")], b""))
    assert b"\r\nSet-Cookie" not in wire.transport.sent


#: No space: llhttp takes several where one stands, as RFC 9112 section 3 allows, and h11 does not.
DAMAGE = [b"\r", b"\n", b"\r\n", b":", b"\0", b"5", b"\x80", b"a", b""]

#: How many damaged requests; each takes 0.1 ms.
DAMAGED = 6000


def test_damaged_requests_are_never_read_otherwise_than_h11_reads_them() -> None:
    """Of thousands, the host takes what h11 takes, or refuses; it never raises."""
    chance = random.Random(18)  # noqa: S311 - reproducible, not secret
    taken = 0
    for _ in range(DAMAGED):
        raw = bytearray(b"".join(chance.choices([GET, POST, CHUNKED], k=chance.randint(1, 3))))
        for _ in range(chance.randint(0, 3)):
            place = chance.randrange(len(raw))
            what = chance.choice(DAMAGE)
            raw[place : place + chance.randint(0, 2)] = what
        wire = Wire()
        wire.send(bytes(raw), chance.choice([1, 7, None]))
        answered = 0
        while answered < len(wire.requests) and not wire.transport.closed:
            answered = len(wire.requests)
            wire.answer()
        read = [(each.method, each.target, each.body) for each in wire.requests]
        theirs, refused = by_h11(bytes(raw))
        # h11 takes bare line feeds and any method; llhttp refuses them. Never the other way.
        assert read == theirs[: len(read)], bytes(raw)
        if refused and len(read) == len(theirs) and not wire.transport.closed:
            assert len(wire.statuses) >= len(read)
        taken += len(read)
    assert taken > DAMAGED / 2
