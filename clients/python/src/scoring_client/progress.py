"""A progress bar, when somebody is there to see it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

#: Rows that are done, how fast, and how long the others take.
FORMAT = "{percentage:3.0f}% |{bar}| {n} of {total} rows, {rate_noinv_fmt}, {remaining} left"


@contextmanager
def progress_bar(
    total: int, wanted: bool | None, start: int = 0
) -> Iterator[Callable[[int], object]]:
    """Yield a function to call with the number of rows that are done.

    Args:
        total: rows in all.
        wanted: None for a bar when stderr is a terminal.
        start: rows done before.
    """
    hidden = not (sys.stderr.isatty() if wanted is None else wanted)
    with tqdm(total=total, initial=start, unit=" rows", disable=hidden, bar_format=FORMAT) as bar:
        yield bar.update
