"""Settings of the service: one frozen object, made from the environment it is given.

Every variable starts with `SCORING_`, so that an operator finds them all with one search.
A value that cannot be used stops the service at `init()` with key, value and expectation.
Each field carries how it is read, its unit and its meaning; docs/settings.md is made from that
(`python scripts/settings.py`).

Not pydantic-settings: it reads the process's own environment, where here one is passed in, and
a host that does not bring pydantic would pay for importing it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any


class InvalidSetting(ValueError):
    """A setting has a value that cannot be used."""

    def __init__(self, key: str, value: str, expectation: str) -> None:
        super().__init__(f"{key}={value!r}: expected {expectation}")


def _count(key: str, value: str) -> int:
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


def setting(default: Any, read: Callable[[str, str], Any], unit: str, meaning: str) -> Any:
    """Return a field of `Settings`.

    Args:
        default: its value where the variable is not set.
        read: makes the value from the variable's name and text, or raises `InvalidSetting`.
        unit: what is written into the variable.
        meaning: what it decides.
    """
    return field(default=default, metadata={"read": read, "unit": unit, "meaning": meaning})


@dataclass(frozen=True)
class Settings:
    """What an operator can change without touching code; docs/settings.md has the table."""

    max_rows: int = setting(
        100_000,
        _count,
        "rows",
        "Rows in one request. 100 000 rows of ten numbers are about 20 MB of JSON and well under "
        "a second to check.",
    )
    max_cells: int = setting(10_000_000, _count, "cells", "Rows times columns in one request.")
    max_body_bytes: int = setting(
        100_000_000, _count, "bytes", "The request's body. 100 MB is what AKS lets through."
    )
    model: str | None = setting(
        None,
        _text,
        "name",
        "The model to serve where the folder holds several, or to prefer where all are served.",
    )
    model_version: str | None = setting(
        None, _text, "version", "That model's version; without it the highest."
    )
    mmap: bool = setting(
        True,
        _switch,
        "on or off",
        "Map the arrays of large joblib files into memory, so that workers share them.",
    )
    require_manifest: bool = setting(
        False,
        _switch,
        "on or off",
        "Load no model that a manifest does not vouch for (docs/models.md).",
    )
    trusted_types: tuple[str, ...] = setting(
        (),
        _names,
        "names, separated by commas",
        "Types in a .skops file to trust beside those that skops does.",
    )
    loaded_models: int | None = setting(
        None,
        _count,
        "models",
        "Of several models, how many are kept in memory, each loaded when it is asked for; "
        "without it all are loaded at the start.",
    )
    traffic: tuple[tuple[str, str, float], ...] = setting(
        (),
        _traffic,
        "NAME:VERSION=PERCENT, separated by commas",
        "Shares of the requests that name no version; 100 percent in all.",
    )
    shadow: tuple[str, str] | None = setting(
        None,
        _name_and_version,
        "NAME:VERSION",
        "The model that scores along and only writes to the log.",
    )
    max_images: int = setting(16, _count, "pictures", "Pictures in one request.")
    max_image_bytes: int = setting(10_000_000, _count, "bytes", "One picture's file.")
    max_image_pixels: int = setting(
        25_000_000,
        _count,
        "pixels",
        "Width times height of one picture. 25 million are a large photograph.",
    )
    max_image_memory: int = setting(
        500_000_000,
        _count,
        "bytes",
        "What decoding one picture may take; a JPEG of 25 million pixels takes 425 MB.",
    )
    image_seconds: int = setting(
        5,
        _count,
        "seconds",
        "Processor time of decoding one picture that is large or unusual.",
    )

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        """Read `SCORING_<NAME>` for each field.

        Raises:
            InvalidSetting: naming the first variable that cannot be used.
        """
        values = {}
        for known in fields(cls):
            key = variable(known.name)
            if key in environ:
                values[known.name] = known.metadata["read"](key, environ[key])
        return cls(**values)


def variable(name: str) -> str:
    """Return the environment variable of a field."""
    return f"SCORING_{name.upper()}"
