"""Settings of the service: one frozen object, made from the environment it is given.

Every variable starts with `SCORING_`, so that an operator finds them all with one search.
A value that cannot be used stops the service at `init()` with key, value and expectation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


class InvalidSetting(ValueError):
    """A setting has a value that cannot be used."""

    def __init__(self, key: str, value: str, expectation: str) -> None:
        super().__init__(f"{key}={value!r}: expected {expectation}")


@dataclass(frozen=True)
class Settings:
    """What an operator can change without touching code.

    Attributes:
        max_rows: rows in one request. 100 000 rows of ten numbers are about 20 MB of JSON and
            well under a second to check.
        max_cells: rows times columns in one request.
        max_body_bytes: bytes of the request's body. 100 MB is what AKS lets through.
    """

    max_rows: int = 100_000
    max_cells: int = 10_000_000
    max_body_bytes: int = 100_000_000

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        """Read `SCORING_<NAME>` for each attribute.

        Raises:
            InvalidSetting: naming the first variable that cannot be used.
        """
        values: dict[str, Any] = {}
        for field in fields(cls):
            key = f"SCORING_{field.name.upper()}"
            if key in environ:
                values[field.name] = _positive_integer(key, environ[key])
        return cls(**values)


def _positive_integer(key: str, value: str) -> int:
    # isdecimal() alone would accept other scripts' digits, which int() reads as well; fine.
    if not value.isdecimal() or int(value) == 0:
        raise InvalidSetting(key, value, "a whole number above 0")
    return int(value)
