"""Chunks of a table, several on their way at once, their results in order."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_order(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    concurrency: int,
    interrupted: threading.Event,
) -> Generator[tuple[Item, Result], None, None]:
    """Yield each item with `function(item)`, in the order of the items.

    At most `2 * concurrency` items are held at a time, however many there are: a slow first
    one does not make the rest pile up. When the caller stops early, what has not begun is
    dropped.

    Args:
        function: called in threads.
        items: taken one by one, as there is room.
        concurrency: how many calls run at once.
        interrupted: set while the calls under way shall come to an end, after Ctrl-C.
    """
    window: deque[tuple[Item, Future[Result]]] = deque()
    with ThreadPoolExecutor(concurrency, thread_name_prefix="score") as pool:
        try:
            for item in items:
                window.append((item, pool.submit(function, item)))
                if len(window) >= 2 * concurrency:
                    first, future = window.popleft()
                    yield first, future.result()
            while window:
                first, future = window.popleft()
                yield first, future.result()
        except KeyboardInterrupt:
            interrupted.set()
            raise
        finally:
            for _, future in window:
                future.cancel()
            pool.shutdown()
            interrupted.clear()


def ranges(total: int, size: int) -> Iterator[range]:
    """Yield the rows 0 to `total` (exclusive) as ranges of `size`; one empty range for none."""
    for start in range(0, max(total, 1), size):
        yield range(start, min(start + size, total))
