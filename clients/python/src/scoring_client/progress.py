"""A progress bar, when somebody is there to see it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_bar(
    total: int | None, wanted: bool | None, start: int = 0
) -> Iterator[Callable[[int], object]]:
    """Yield a function to call with the number of rows that are done.

    Args:
        total: rows in all; None when unknown.
        wanted: None for a bar when stderr is a terminal and tqdm is installed.
        start: rows done before.

    Raises:
        ImportError: a bar is wanted and tqdm is not installed.
    """
    if wanted is None:
        wanted = sys.stderr.isatty() and _installed()
    if not wanted:
        yield lambda _: None
        return
    from tqdm import tqdm

    with tqdm(total=total, initial=start, unit=" rows", unit_scale=True) as bar:
        yield bar.update


def _installed() -> bool:
    try:
        import tqdm  # noqa: F401 - only whether it is there
    except ImportError:
        return False
    return True
