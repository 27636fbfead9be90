"""Python files read as Python reads them, and which package brings which module."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from importlib_metadata import packages_distributions

from deploy.findings import Finding, fault


@cache
def installed_modules() -> Mapping[str, list[str]]:
    """Return the packages that bring each module installed here; reading them takes seconds."""
    return packages_distributions()


def parse(path: Path) -> ast.Module | Finding:
    """Return the syntax tree of a Python file, or a fault with the line."""
    encode = "Save it as UTF-8 text."
    try:
        with warnings.catch_warnings():
            # An invalid escape of the user's file is Python's to tell, when it runs.
            warnings.simplefilter("ignore")
            return ast.parse(path.read_bytes(), str(path))
    except SyntaxError as error:
        if error.lineno is None:
            return fault(path, f"Not Python: {error.msg}.", encode, "python.syntax")
        problem = f"Syntax error: {error.msg}."
        return fault(f"{path}:{error.lineno}", problem, "Mend that line.", "python.syntax")
    except ValueError as error:  # what Python 3.10 and 3.11.3 raise for a null byte
        return fault(path, f"Not Python: {error}.", encode, "python.syntax")
