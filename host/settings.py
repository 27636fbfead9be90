"""The host's own settings, beside azmlinfsrv's: one frozen object, made from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields


class InvalidSetting(ValueError):
    """A setting has a value that cannot be used."""

    def __init__(self, key: str, value: str) -> None:
        super().__init__(f"{key}={value!r}: expected a whole number above 0")


@dataclass(frozen=True)
class HostSettings:
    """What an operator can change.

    Attributes:
        max_body_bytes: bytes of a request's body, unpacked if it was sent packed. 100 MB is
            what AKS lets through.
        idle_seconds: how long a connection may say nothing: between requests, in the middle of
            one, or while it does not read its answer. Above the 60 s after which Azure's load
            balancers drop theirs, so that it is not the host that closes first.
    """

    max_body_bytes: int = 100_000_000
    idle_seconds: int = 75

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> HostSettings:
        """Read `HOST_<NAME>` for each attribute.

        Raises:
            InvalidSetting: naming the first variable that cannot be used.
        """
        values: dict[str, int] = {}
        for field in fields(cls):
            key = f"HOST_{field.name.upper()}"
            if key in environ:
                values[field.name] = _whole_number(key, environ[key])
        return cls(**values)


def _whole_number(key: str, value: str) -> int:
    if not value.isdecimal() or int(value) == 0:
        raise InvalidSetting(key, value)
    return int(value)
