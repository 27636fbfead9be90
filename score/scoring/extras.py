"""Packages beyond env.yml: imported when they are needed, missed in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from scoring.errors import ModelBroken


@contextmanager
def optional(package: str, needed_by: str = "this format") -> Iterator[None]:
    """Turn a missing module into an error that names the line for env.yml.

    Args:
        package: the package's name on the index.
        needed_by: what needs it.

    Raises:
        ModelBroken: what is imported inside is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise ModelBroken(
            f"{needed_by} needs the package {package} ({error}). "
            f"Add the line '- {package}' to the pip list of env.yml."
        ) from None
