"""What the commands tell a person, beside what they print for a program."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from scoring_model.libraries import LIBRARIES
from scoring_model.manifest import MANIFEST

#: What went well goes to standard output, what a person should read to standard error.
console = Console(stderr=True, highlight=False, soft_wrap=True)

#: What scikit-learn itself brings.
BROUGHT = ("scipy", "threadpoolctl")


@contextmanager
def say_warnings() -> Iterator[None]:
    """Print each warning once, without the line of code that gave it."""
    with warnings.catch_warnings(record=True) as caught:
        yield
    for message in dict.fromkeys(str(one.message) for one in caught):
        console.print(f"warning: {message}", markup=False)


def say_packages(folder: Path) -> None:
    """Name what the service has to install beside scikit-learn and its like."""
    (entry,) = json.loads((folder / MANIFEST).read_text())["models"]
    more = [f"{n}=={v}" for n, v in entry["libraries"].items() if n not in {*LIBRARIES, *BROUGHT}]
    if more and entry["format"] == "joblib":
        console.print(f"the service needs, in the pip list of env.yml: {', '.join(more)}")
