"""One of a fixed list of values, as a categorical column of pandas holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from scoring.columns.base import Kind, Refused
from scoring.columns.numbers import Boolean, Integer
from scoring.columns.strings import String
from scoring.problems import shorten

#: Of a long list of categories, an error names the first few.
SHOWN_CATEGORIES = 10


#: Kinds of which a JSON value equals its category, and hashes like it: 3.0 finds 3.
HASHED = {String, Integer, Boolean}


@dataclass(frozen=True)
class Category(Kind):
    """One of the categories of a categorical sample.

    Attributes:
        inner: the kind of the categories.
    """

    inner: Kind = field(default_factory=String)

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
