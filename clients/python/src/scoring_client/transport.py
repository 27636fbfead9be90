"""One request to the service: signed, bounded in time and size, tried again where that helps.

urllib3's `Retry` decides what is tried again and how long to wait, but cannot run the loop:
used through requests it does not see a connection that is cut in the middle of an answer.
"""

from __future__ import annotations

import json
import random
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, MaxRetryError
from urllib3.util.retry import Retry

from scoring_client.errors import ScoringError, error_from

#: Busy or passing; every other status is the service's last word.
RETRIED_STATUSES = frozenset({429, 502, 503, 504})

CONNECT_SECONDS = 10

#: Doubled with each attempt, at most the next.
BACKOFF_SECONDS = 0.5
BACKOFF_MAX_SECONDS = 30

#: A service that asks for a longer pause is taken for down.
RETRY_AFTER_MAX_SECONDS = 120

#: No answer to one chunk is this long; a stream without end is cut here.
MAX_ANSWER_BYTES = 256 * 1024 * 1024

READ_BYTES = 65536


@dataclass(frozen=True)
class Answer:
    """An answer that arrived whole, with a status of 2xx: text, or what its JSON says."""

    content: Any


class _Watched:
    """A connection on which the head of an answer takes at most the read timeout in all.

    A socket's timeout starts anew with each byte, so a server that sends one now and then
    would hold a client forever.
    """

    def getresponse(self) -> Any:
        connection: Any = self
        cut = threading.Event()

        def cut_off() -> None:
            cut.set()
            # The plain socket's shutdown, also under TLS: it wakes the reading thread.
            socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)

        watchdog = threading.Timer(connection.timeout, cut_off)
        watchdog.daemon = True
        watchdog.start()
        response = None
        try:
            response = super().getresponse()  # type: ignore[misc]
        except Exception:
            if not cut.is_set():
                raise
        finally:
            watchdog.cancel()
        if response is None or cut.is_set():
            # A head that was cut off may have passed for a short one.
            if response is not None:
                response.close()
            raise TimeoutError("the head of the answer took too long")
        return response


class _HTTPConnection(_Watched, HTTPConnection):
    """Plain HTTP."""


class _HTTPSConnection(_Watched, HTTPSConnection):
    """TLS."""


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _HTTPConnection


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _HTTPSConnection


class _Adapter(HTTPAdapter):
    """requests' adapter with watched connections, direct or through a proxy."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self._watch(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **proxy_kwargs)
        self._watch(manager)
        return manager

    @staticmethod
    def _watch(manager: Any) -> None:
        manager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}


class Transport:
    """Connections to one service, shared by the threads of a client.

    Args:
        auth: signs each attempt.
        headers: sent with every request.
        timeout: seconds for one attempt, from the last byte sent to the last one received.
        retries: attempts after the first.
        connections: kept open for reuse.
    """

    def __init__(
        self,
        auth: AuthBase,
        headers: Mapping[str, str],
        timeout: float,
        retries: int,
        connections: int,
    ) -> None:
        self._auth = auth
        self._timeout = timeout
        #: While it is set, nothing waits for another attempt.
        self.interrupted = threading.Event()
        self._policy = Retry(
            total=retries,
            status_forcelist=RETRIED_STATUSES,
            allowed_methods=None,
            backoff_factor=BACKOFF_SECONDS,
            backoff_max=BACKOFF_MAX_SECONDS,
        )
        self._session = requests.Session()
        self._session.headers.update(headers)
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = _Adapter(pool_maxsize=connections, max_retries=Retry(0, read=False))
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def send(
        self,
        method: str,
        url: str,
        *,
        retry: bool = True,
        text: bool = False,
        seconds: float | None = None,
        **content: Any,
    ) -> Any:
        """Return what the JSON of an answer says, after as many attempts as the policy allows.

        Args:
            method: GET or POST.
            url: the address.
            retry: False for one attempt only.
            text: return the answer as text, whatever it is.
            seconds: for one attempt, where that is less than the timeout.
            content: requests' own `data`, `files` and `headers`.

        Raises:
            ScoringError: the service refused, or no whole answer arrived.
        """
        policy = self._policy if retry else self._policy.new(total=0)
        timeout = self._timeout if seconds is None else min(seconds, self._timeout)
        while True:
            outcome = self._attempt(method, url, text, timeout, content)
            if isinstance(outcome, Answer):
                return outcome.content
            error, wait = outcome
            if not error.retryable:
                break
            try:
                policy = policy.increment(method, url, error=HTTPError(str(error)))
            except MaxRetryError:
                break
            pause = policy.get_backoff_time() if wait is None else wait
            if pause > RETRY_AFTER_MAX_SECONDS:
                error.message += f" (asked to wait {pause:.0f} s, which is taken for down)"
                break
            # Jitter on top, so that clients turned away together do not return together.
            # S311: chance, not cryptography.
            if self.interrupted.wait(pause + random.uniform(0, BACKOFF_SECONDS)):  # noqa: S311
                break
        # Raised out here, so that no exception of requests, which hold the signed request,
        # hangs on it.
        raise error

    def _attempt(
        self, method: str, url: str, text: bool, timeout: float, content: Mapping[str, Any]
    ) -> Answer | tuple[ScoringError, float | None]:
        """Return the answer, or the error and for how many seconds the service asks to wait."""
        started = time.monotonic()
        try:
            with self._session.request(
                method,
                url,
                auth=self._auth,
                timeout=(min(CONNECT_SECONDS, timeout), timeout),
                allow_redirects=False,
                stream=True,
                **content,
            ) as response:
                body = self._read(response, started + timeout)
                headers, status = response.headers, response.status_code
        except requests.exceptions.SSLError as error:
            return ScoringError(f"no secure connection: {_cause(error)}"), None
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema) as error:
            return ScoringError(str(error)), None
        except (requests.RequestException, HTTPError, OSError) as error:
            seconds = time.monotonic() - started
            place = urlsplit(url).netloc
            message = f"no whole answer from {place} after {seconds:.1f} s: {_cause(error)}"
            return ScoringError(message, retryable=True), None
        if not 200 <= status < 300:
            return error_from(status, headers, body), self._retry_after(headers)
        kind = headers.get("Content-Type")
        if kind is None:
            message = "the answer was cut in its head"
            return ScoringError(message, status=status, retryable=True), None
        if text:
            return Answer(body.decode(errors="replace"))
        if "json" not in kind:
            return error_from(status, headers, body), None
        try:
            return Answer(json.loads(body))
        except (ValueError, RecursionError) as error:
            # Cut by something that gave it the wrong length.
            message = f"the answer of {len(body)} bytes is not JSON: {error}"
            return ScoringError(message, status=status, retryable=True), None

    @staticmethod
    def _read(response: requests.Response, deadline: float) -> bytes:
        """Return the body, in the time and size that are left to it."""
        parts = []
        size = 0
        while part := response.raw.read1(READ_BYTES, decode_content=True):
            parts.append(part)
            size += len(part)
            if size > MAX_ANSWER_BYTES:
                raise OSError(f"the answer is longer than {MAX_ANSWER_BYTES} bytes")
            if time.monotonic() > deadline:
                raise TimeoutError("the answer came too slowly")
        return b"".join(parts)

    def _retry_after(self, headers: Mapping[str, str]) -> float | None:
        try:
            return self._policy.parse_retry_after(headers["Retry-After"])
        except (KeyError, HTTPError):
            return None


def _cause(error: BaseException) -> str:
    """Return what is behind the wrappings of requests and urllib3, in one short line."""
    inner: BaseException = error
    while (deeper := getattr(inner, "reason", None) or inner.__cause__ or inner.__context__) and (
        isinstance(deeper, BaseException) and deeper is not inner
    ):
        inner = deeper
    return f"{type(inner).__name__}: {str(inner)[:200]}"
