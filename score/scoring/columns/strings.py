"""Kinds of values beside numbers: strings, bytes, decimals, categories."""

from __future__ import annotations

import base64
import binascii
import math
import re
import sys
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd

from scoring.columns.numbers import OBJECT, Boolean, Integer, Kind, Refused, objects
from scoring.problems import shorten

#: Python's parser makes characters of whole pairs.
SURROGATE = re.compile("[\ud800-\udfff]")

#: A string that is empty or ends with anything but NUL.
NO_NUL_AT_END = r"(^|[^\x00])$"

#: Python's base64 module does no more from 3.11 on, but takes thrice the time for a short value.
if sys.version_info >= (3, 11):
    decode_base64 = partial(binascii.a2b_base64, strict_mode=True)
else:
    decode_base64 = partial(base64.b64decode, validate=True)

#: Of a long list of categories, an error names the first few.
SHOWN_CATEGORIES = 10


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


@dataclass(frozen=True)
class DecimalNumber(Kind):
    """A `decimal.Decimal`: the decimal digits that JSON had, as far as a double keeps them."""

    types = frozenset({float, int})
    filler = 0
    name = "number"

    def fits(self, value: Any) -> bool:
        return type(value) is int or math.isfinite(value)

    def pack(self, values: list[Any]) -> Any:
        decimals = list(map(Decimal, map(repr, values)))
        if not all(map(Decimal.is_finite, decimals)):
            raise Refused
        return objects(decimals)

    def example(self, value: Any) -> Any:
        return float(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "number"}


#: Kinds of which a JSON value equals its category, and hashes like it: 3.0 finds 3.
HASHED = {String, Integer, Boolean}


@dataclass(frozen=True)
class Category(Kind):
    """One of the categories of a categorical sample.

    Attributes:
        inner: the kind of the categories.
    """

    inner: Kind = String()

    @property
    def filler(self) -> Any:
        """Any category."""
        return self.inner.example(self.categories[0])

    @property
    def categories(self) -> Any:
        """The values that may be sent, as pandas' index."""
        return self.dtype.categories

    @cached_property
    def _codes(self) -> dict[Any, int]:
        """The place of each category, which pandas stores in its stead."""
        return {category: code for code, category in enumerate(self.categories)}

    @property
    def name(self) -> str:
        shown = self.categories[:SHOWN_CATEGORIES]
        words = [
            shorten(value) if isinstance(value, str) else str(self.inner.example(value))
            for value in shown
        ]
        more = len(self.categories) - len(shown)
        return f"one of {', '.join(words)}" + (f" and {more} more" if more else "")

    def fits(self, value: Any) -> bool:
        return self.inner.accepts(value) and self.inner.scalar(value) in self._codes

    def accepts(self, value: Any) -> bool:
        return self.nullable if value is None else self.fits(value)

    def pack(self, values: list[Any]) -> Any:
        if not all(map(self.fits, values)):
            raise Refused
        return self.inner.pack(values)

    def scalar(self, value: Any) -> Any:
        return self.inner.scalar(value)

    def convert(self, values: list[Any]) -> Any:
        if None not in values:
            codes = self._codes_of(values)
        elif self.nullable:
            there = np.array([value is not None for value in values])
            codes = np.full(len(values), -1, dtype=np.intp)
            codes[there] = self._codes_of([value for value in values if value is not None])
        else:
            raise Refused
        # Any: the last pandas-stubs for Python 3.10 do not know `validate`.
        from_codes: Any = pd.Categorical.from_codes
        return from_codes(codes, dtype=self.dtype, validate=False)

    def _codes_of(self, values: list[Any]) -> Any:
        """Return the place of each value's category, (values,).

        Raises:
            Refused: a value is none of the categories.
        """
        if type(self.inner) in HASHED and set(map(type, values)) <= self.inner.types:
            # No need to build an index to look it up in another.
            try:
                return np.fromiter(map(self._codes.__getitem__, values), np.intp, len(values))
            except KeyError:
                raise Refused from None
        codes = self.categories.get_indexer(self.inner.convert(values))
        if (codes < 0).any():
            raise Refused
        return codes

    def example(self, value: Any) -> Any:
        return self.inner.example(value)

    def schema(self) -> dict[str, Any]:
        values = [self.inner.example(value) for value in self.categories]
        return {**self.inner.schema(), "enum": values}
