"""What a request may say of its pictures of digits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoring.images.digits import POLARITIES
from scoring.parameters.choice import Choice
from scoring.parameters.nested import Nested

#: What a request may say of its pictures.
OPTIONS = Nested({"polarity": Choice(list(POLARITIES))}, optional=["polarity"])


def polarity_of(data: Mapping[str, Any]) -> str | None:
    """Return what a request's `data` says of the ink, None when it leaves that open.

    Raises:
        InvalidInput: `data` says something else, or something unknown.
    """
    said: str | None = OPTIONS.convert(data, "data").get("polarity")
    return said
