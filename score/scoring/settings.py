"""Settings of the service: one frozen object, made from the environment it is given.

Every variable starts with `SCORING_`, so that an operator finds them all with one search.
A value that cannot be used stops the service at `init()` with key, value and expectation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
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
        model: the model to serve where the folder holds several, or to prefer where all are
            served.
        model_version: that model's version; without it the highest.
        mmap: map the arrays of large joblib files into memory, so that workers share them.
        trusted_types: types in a .skops file to trust beside those that skops does.
        loaded_models: of several models, how many are kept in memory, each loaded when it is
            asked for; without it all are loaded at the start.
        traffic: shares of the requests that name no version, `(name, version, percent)`.
        shadow: `(name, version)` of the model that scores along and only writes to the log.
        max_images: pictures in one request.
        max_image_bytes: bytes of one picture's file.
        max_image_pixels: width times height of one picture. 25 million are a large photograph.
    """

    max_rows: int = 100_000
    max_cells: int = 10_000_000
    max_body_bytes: int = 100_000_000
    model: str | None = None
    model_version: str | None = None
    mmap: bool = True
    trusted_types: tuple[str, ...] = ()
    loaded_models: int | None = None
    traffic: tuple[tuple[str, str, float], ...] = ()
    shadow: tuple[str, str] | None = None
    max_images: int = 16
    max_image_bytes: int = 10_000_000
    max_image_pixels: int = 25_000_000

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
                values[field.name] = READERS.get(field.name, _positive_integer)(key, environ[key])
        return cls(**values)


def _positive_integer(key: str, value: str) -> int:
    # isdecimal() alone would accept other scripts' digits, which int() reads as well; fine.
    if not value.isdecimal() or int(value) == 0:
        raise InvalidSetting(key, value, "a whole number above 0")
    return int(value)


def _text(key: str, value: str) -> str:
    if not value:
        raise InvalidSetting(key, value, "a name")
    return value


def _switch(key: str, value: str) -> bool:
    if value not in ("on", "off"):
        raise InvalidSetting(key, value, "on or off")
    return value == "on"


def _names(_key: str, value: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in value.split(",") if name.strip())


def _name_and_version(key: str, value: str) -> tuple[str, str]:
    name, _, version = value.strip().rpartition(":")
    if not name or not version:
        raise InvalidSetting(key, value, "NAME:VERSION")
    return name, version


def _traffic(key: str, value: str) -> tuple[tuple[str, str, float], ...]:
    expectation = "NAME:VERSION=PERCENT, separated by commas, 100 percent in all"
    shares = []
    for part in value.split(","):
        model, _, percent = part.rpartition("=")
        name, _, version = model.strip().rpartition(":")
        try:
            shares.append((name, version, float(percent)))
        except ValueError:
            raise InvalidSetting(key, value, expectation) from None
    named = all(name and version and share >= 0 for name, version, share in shares)
    if not named or not math.isclose(sum(share for *_, share in shares), 100):
        raise InvalidSetting(key, value, expectation)
    return tuple(shares)


#: How the settings are read that are not whole numbers.
READERS: dict[str, Callable[[str, str], Any]] = {
    "model": _text,
    "model_version": _text,
    "mmap": _switch,
    "trusted_types": _names,
    "traffic": _traffic,
    "shadow": _name_and_version,
}
