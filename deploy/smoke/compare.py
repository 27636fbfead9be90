"""The one comparer: where two JSON values differ, numbers by more than their last digits."""

from __future__ import annotations

import math
from typing import Any

#: A container's arithmetic may differ in the last digits from this machine's.
RELATIVE_TOLERANCE = 1e-6

#: Probabilities close to zero differ relatively by more.
ABSOLUTE_TOLERANCE = 1e-9


def differences(
    one: Any,
    other: Any,
    where: str = "",
    *,
    relative: float = RELATIVE_TOLERANCE,
    absolute: float = ABSOLUTE_TOLERANCE,
    names: tuple[str, str] = ("expected", "found"),
) -> list[str]:
    """Return where two JSON values differ, each place with both values.

    Args:
        one: a JSON value.
        other: another.
        where: how messages call the place.
        relative: numbers are equal within this part of the larger.
        absolute: numbers are equal within this.
        names: how messages call the two.
    """
    options: dict[str, Any] = {"relative": relative, "absolute": absolute, "names": names}
    if isinstance(one, dict) and isinstance(other, dict):
        found = [f"{where}.{name}: only in one" for name in one.keys() ^ other.keys()]
        for name in one.keys() & other.keys():
            found += differences(one[name], other[name], f"{where}.{name}", **options)
        return sorted(found)
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [t for i, pair in pairs for t in differences(*pair, f"{where}[{i}]", **options)]
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in (one, other))
    if numbers and math.isclose(one, other, rel_tol=relative, abs_tol=absolute):
        return []
    # True is 1 in Python, and no number in JSON.
    if type(one) is type(other) or numbers:
        return [] if one == other else [f"{where}: {names[0]} {one!r}, {names[1]} {other!r}"]
    return [f"{where}: {names[0]} {one!r}, {names[1]} {other!r}"]
