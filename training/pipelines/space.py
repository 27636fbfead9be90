"""What a search may try, as the command line has it: `alpha=0.01:10:log`, `kernel=a,b`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

from pipelines.errors import BadEstimator
from pipelines.parameters import value

FORMS = "NAME=LOW:HIGH, NAME=LOW:HIGH:log or NAME=VALUE,VALUE,..."


def read_space(texts: Sequence[str]) -> dict[str, BaseDistribution]:
    """Return what each parameter may be; whole numbers on both ends mean whole numbers.

    Raises:
        BadEstimator: one of them has another form.
    """
    return dict(_one(text) for text in texts)


def _one(text: str) -> tuple[str, BaseDistribution]:
    name, _, values = text.partition("=")
    low, colon, rest = values.partition(":")
    try:
        if not colon:
            return name, CategoricalDistribution([value(v) for v in values.split(",") if v])
        high, _, scale = rest.partition(":")
        if scale not in ("", "log"):
            raise ValueError(f"{scale!r} is no scale")
        least, most = value(low), value(high)
        if isinstance(least, int) and isinstance(most, int):
            return name, IntDistribution(least, most, log=bool(scale))
        return name, FloatDistribution(float(least), float(most), log=bool(scale))
    except (TypeError, ValueError) as error:
        raise BadEstimator(f"--search {text!r}: {error}; expected {FORMS}") from None


def described(space: Mapping[str, BaseDistribution]) -> dict[str, str]:
    """Return the space in words, for the manifest."""
    return {name: str(distribution) for name, distribution in space.items()}
