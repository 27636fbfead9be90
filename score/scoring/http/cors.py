"""CORS: which pages on other origins may read this service's answers (Fetch standard).

One setting, the server's own: `AML_CORS_ORIGINS`, origins separated by commas, or `*`. The
server's flask-cors reads the same setting, but says nothing of the request ids, of how long a
preflight holds, and nothing at all on a 404 or 405; to a request without an origin it sends
the first one it knows, and it takes an origin with special characters for a pattern. So the
answers are completed here first, and marked as settled in the way flask-cors's own decorator
marks them: it then adds nothing, and no header appears twice.

Credentials (cookies) are never allowed: the key travels in a header that the page sets itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from scoring.http.host import Request, Response, amend_every_answer
from scoring.settings import InvalidSetting

SETTING = "AML_CORS_ORIGINS"

#: What a browser puts into `Origin`: scheme, host, port if not the scheme's own, and no slash.
ORIGIN = re.compile(r"https?://(\[[0-9a-f:]+\]|[a-z0-9._-]+)(:\d{1,5})?")

METHODS = "GET, POST, OPTIONS"

#: Headers of an answer that a page may read beside the ones every page may.
EXPOSED = "x-request-id, x-ms-request-id, x-ms-client-request-id, x-ms-run-function-failed"

#: How long a browser may remember a preflight: 2 hours, Chromium's own upper bound.
MAX_AGE_SECONDS = 7200

#: flask-cors (6.0.5, `core.FLASK_CORS_EVALUATED`) leaves an answer with this attribute alone.
SETTLED = "_FLASK_CORS_EVALUATED"


@dataclass(frozen=True)
class Cors:
    """The origins that may read answers.

    Attributes:
        origins: exact origins, as browsers write them.
        any_origin: every origin may.
    """

    origins: frozenset[str]
    any_origin: bool = False

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Cors:
        """Read `AML_CORS_ORIGINS`; without it no origin may.

        Raises:
            InvalidSetting: an entry is no origin.
        """
        listed = [entry.strip() for entry in environ.get(SETTING, "").split(",") if entry.strip()]
        for entry in listed:
            if entry != "*" and not ORIGIN.fullmatch(entry.lower()):
                raise InvalidSetting(
                    SETTING, entry, "* or origins such as https://www.example.com, without a path"
                )
        return cls(frozenset(entry.lower() for entry in listed), "*" in listed)

    def headers(self, request: Mapping[str, str], method: str) -> dict[str, str]:
        """Return the headers an answer needs.

        Args:
            request: the request's headers, named as Flask names them: Origin, not origin.
            method: the request's method.
        """
        headers = {} if self.any_origin else {"Vary": "Origin"}
        origin = request.get("Origin", "")
        if not self.any_origin and origin not in self.origins:
            return headers
        headers["Access-Control-Allow-Origin"] = "*" if self.any_origin else origin
        headers["Access-Control-Expose-Headers"] = EXPOSED
        if method == "OPTIONS":
            headers["Access-Control-Allow-Methods"] = METHODS
            headers["Access-Control-Max-Age"] = str(MAX_AGE_SECONDS)
            if wanted := request.get("Access-Control-Request-Headers"):
                headers["Access-Control-Allow-Headers"] = wanted
        return headers

    def settle(self, request: Request, response: Response) -> None:
        """Complete one answer and keep flask-cors from adding to it."""
        headers = self.headers(dict(request.headers), request.method)
        if headers.pop("Vary", None):
            response.vary.add("Origin")
        response.headers.update(headers)
        setattr(response, SETTLED, True)


def allow_cors(environ: Mapping[str, str]) -> None:
    """Complete every answer of this process as `AML_CORS_ORIGINS` says.

    Raises:
        InvalidSetting: the setting cannot be used.
    """
    cors = Cors.from_environ(environ)
    if cors.origins:
        amend_every_answer(cors.settle)
