"""Reading JSON by hand, for doors without a schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from scoring.errors import ClientError, InvalidInput, Problem
from scoring.problems import SHOWN_CHARACTERS, describe


def json_object(raw_data: str | bytes, request_headers: Mapping[str, str]) -> dict[str, Any]:
    """Return the body as a dictionary.

    Args:
        raw_data: the body as the server hands it over.
        request_headers: the request's headers.

    Raises:
        ClientError: the body is empty, no JSON, or no JSON object.
    """
    if not raw_data:
        # The server reads the body of a form, which is curl's default, as a form: nothing is left.
        content_type = request_headers.get("Content-Type", "none")
        raise ClientError(
            f"The body is empty (content type: {content_type[:SHOWN_CHARACTERS]}). "
            "Send a JSON object with Content-Type: application/json."
        )
    return parse_object(raw_data, "")


def parse_object(text: str | bytes, where: str) -> dict[str, Any]:
    """Return the JSON object in a text, whose byte order mark does no harm.

    Args:
        text: the JSON; as bytes in UTF-8, or in UTF-16 or UTF-32, which Python recognises.
        where: the field that holds it; empty for the body itself.

    Raises:
        ClientError: it is no JSON, or no JSON object.
    """
    name = where or "The body"
    try:
        value = json.loads(text.removeprefix("\ufeff") if isinstance(text, str) else text)
    except json.JSONDecodeError as error:
        raise ClientError(f"{name} is not JSON: {error}.") from None
    except UnicodeDecodeError:
        raise ClientError(f"{name} is not UTF-8, as JSON has to be.") from None
    except ValueError:
        # Python reads no integers of more than 4300 digits.
        raise ClientError(f"{name} has a number of too many digits.") from None
    except RecursionError:
        raise ClientError(f"{name} is nested too deeply.") from None
    if not isinstance(value, dict):
        where = where or "the body"
        raise InvalidInput(where, [Problem(where, "an object", describe(value))])
    return value
