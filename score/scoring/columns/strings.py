"""Strings, and bytes as base64."""

from __future__ import annotations

import base64
import binascii
import re
import sys
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np

from scoring.columns.base import OBJECT, Kind, Refused, objects

#: Python's parser makes characters of whole pairs.
SURROGATE = re.compile("[\ud800-\udfff]")

#: A string that is empty or ends with anything but NUL.
NO_NUL_AT_END = r"(^|[^\x00])$"

#: Python's base64 module does no more from 3.11 on, but takes thrice the time for a short value.
if sys.version_info >= (3, 11):
    decode_base64 = partial(binascii.a2b_base64, strict_mode=True)
else:
    decode_base64 = partial(base64.b64decode, validate=True)


@dataclass(frozen=True)
class _Padded(Kind):
    """What numpy pads with NUL to a fixed width (`U`, `S`), so that a NUL at the end is lost."""

    @cached_property
    def _is_padded(self) -> bool:
        return isinstance(self.dtype, np.dtype) and self.dtype.kind in "US"

    def hint(self, value: Any) -> str:
        if self._is_padded and replace(self, dtype=OBJECT).fits(value):
            return f"{self.name} without NUL at its end, which numpy would drop"
        return self.name


@dataclass(frozen=True)
class String(_Padded):
    """Text of any length; a numpy type of fixed width is widened, never cut off.

    Half a surrogate pair, which JSON can spell, is no Unicode text (RFC 8259 section 8.2): whatever
    hashes, encodes or hands on such a string fails.
    """

    name = "string"

    def fits(self, value: Any) -> bool:
        if self._is_padded and value.endswith("\0"):
            return False
        return value.isascii() or SURROGATE.search(value) is None

    def pack(self, values: list[Any]) -> Any:
        # Looking at all of it at once is quicker, and finds all but what is at an end.
        if not all(map(self.fits, values if self._is_padded else ["".join(values)])):
            raise Refused
        return objects(values)

    def store(self, array: Any, missing: Any) -> Any:
        if self._is_padded:
            return array.astype(np.str_)
        return super().store(array, missing)

    def example(self, value: Any) -> Any:
        return str(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", **({"pattern": NO_NUL_AT_END} if self._is_padded else {})}


@dataclass(frozen=True)
class Bytes(_Padded):
    """Bytes, sent as base64 (RFC 4648 section 4)."""

    name = "base64 string"

    def fits(self, value: Any) -> bool:
        try:
            decoded = decode_base64(value)
        except ValueError:
            return False
        return not (self._is_padded and decoded.endswith(b"\0"))

    def pack(self, values: list[Any]) -> Any:
        try:
            decoded = list(map(decode_base64, values))
        except ValueError:
            raise Refused from None
        if self._is_padded and any(each.endswith(b"\0") for each in decoded):
            raise Refused
        return objects(decoded)

    def store(self, array: Any, missing: Any) -> Any:
        if self._is_padded:
            return array.astype(np.bytes_)
        return super().store(array, missing)

    def example(self, value: Any) -> Any:
        return base64.b64encode(value).decode()

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "byte"}
