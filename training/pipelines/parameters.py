"""Parameters of an estimator, as the command line has them."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from pipelines.errors import BadEstimator


def read_parameters(pairs: Sequence[str]) -> dict[str, Any]:
    """Return `["max_iter=200", "loss=log_loss"]` as a mapping; values are Python's, else texts.

    Raises:
        BadEstimator: a pair has no name or no value.
    """
    parameters = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not (name.strip() and equals and text.strip()):
            raise BadEstimator(f"--set {pair!r}: expected NAME=VALUE, such as max_iter=200")
        parameters[name.strip()] = value(text)
    return parameters


def value(text: str) -> Any:
    """Return a Python literal (200, 0.1, None, [1, 2]); anything else is a text."""
    try:
        return ast.literal_eval(text.strip())
    except (SyntaxError, ValueError):
        return text.strip()
