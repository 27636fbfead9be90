"""Computed floats, compared as far as every machine agrees on them.

The last digits of a sum depend on the order of its terms. OpenBLAS, below numpy and scipy, chooses
that order by the processor, by the number of threads and by where the memory lies, so that two
machines, and now and then two processes of one machine, differ in the last bits.
"""

from __future__ import annotations

from typing import Any

import pytest

#: 15 to 16 digits are exact at best; what our models sum up leaves well over 9 of them.
DIGITS = 9


def nearly(value: Any) -> Any:
    """Return what equals `value`, its floats compared to `DIGITS` digits, all else exactly.

    Args:
        value: what JSON can hold, or a tuple; floats anywhere in it.
    """
    if isinstance(value, dict):
        return {key: nearly(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(nearly(inner) for inner in value)
    # The smallest number that counts as other than 0: a probability of 1e-13 is noise as well.
    return pytest.approx(value, rel=10**-DIGITS, abs=1e-12) if isinstance(value, float) else value
