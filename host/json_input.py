"""The JSON of a body, read by msgspec where that gives what Python's own parser gives.

msgspec needs a third of the time for a table of a thousand rows. It refuses what RFC 8259 does not
have (NaN, half a surrogate pair, a byte order mark, UTF-16), and integers of thousands of digits;
whatever it refuses, Python's parser reads or refuses, as under azmlinfsrv. What it takes is the
same: duplicate keys, integers of any length it takes, every bit of a float
(`tests/host/test_json_input.py`). orjson is not used: it makes floats of integers beyond 64 bits.
"""

from __future__ import annotations

from typing import Any

from azureml_inference_server_http.server.input_parsers import ObjectInput
from flask import Request

try:
    import msgspec
except ModuleNotFoundError:  # optional
    msgspec = None  # type: ignore[assignment]


class QuickObjectInput(ObjectInput):  # type: ignore[misc] # azmlinfsrv has no types
    """azmlinfsrv's parser for scripts with a schema, with another reader of JSON in front."""

    __slots__ = ()

    def _parse_post_input(self, request: Request) -> Any:
        if request.is_json:
            try:
                body = msgspec.json.decode(request.get_data())
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                body = None  # explained, or taken after all, below
            if isinstance(body, dict):
                return self._extract_parameters(body)
        return super()._parse_post_input(request)


def quicker(parser: Any) -> Any:
    """Return the parser to use in place of azmlinfsrv's: itself, where there is none quicker."""
    if msgspec is None or type(parser) is not ObjectInput:
        return parser
    return QuickObjectInput(parser.parameters)
