"""Pictures in a request: multipart files, one raw body, or base64 in JSON.

    multipart/form-data   one or several files in the field `image`, optional JSON in `data`
    image/*               the picture itself
    application/json      {"image": "<base64 or data URI>" or a list of them, "data": {...}}

Every way ends in the same `Upload`; what does not fit is refused with the field named.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import Any

from scoring.errors import ClientError, InvalidInput, Problem, TooLarge, UnsupportedMediaType
from scoring.images import FORMATS
from scoring.jsonbody import json_object, parse_object
from scoring.rawhttp import Form, Request, read_body, read_form
from scoring.settings import Settings

IMAGE, DATA = "image", "data"
FIELDS = {IMAGE, DATA}

#: RFC 2397; only the base64 form carries a picture.
DATA_URI = re.compile(r"data:[^,]{0,200};base64,", re.IGNORECASE)

CONTENT_TYPES = "multipart/form-data, image/* or application/json"

#: How much of a client's value an answer repeats.
SHOWN_CHARACTERS = 40


@dataclass(frozen=True)
class Upload:
    """What a request brought.

    Attributes:
        images: the content of each picture's file, in order.
        several: whether the client expects a list, even of one.
        data: the JSON object beside them; empty when there was none.
    """

    images: list[bytes]
    several: bool = False
    data: dict[str, Any] = field(default_factory=dict)


def read_upload(request: Request, settings: Settings) -> Upload:
    """Return the pictures of a request, not decoded yet.

    Raises:
        UnsupportedMediaType: the content type is none of the above.
        TooLarge: the body, a picture or the number of pictures is above its limit.
        ClientError: the body is not what its content type says, or holds no picture.
    """
    kind = request.mimetype
    if kind == "multipart/form-data":
        form = read_form(request, settings.max_body_bytes, "SCORING_MAX_BODY_BYTES")
        upload = _from_form(form)
    elif kind.startswith("image/"):
        limit = settings.max_image_bytes
        upload = Upload([read_body(request, limit, "SCORING_MAX_IMAGE_BYTES")])
    elif kind == "application/json" or kind.endswith("+json"):
        body = read_body(request, settings.max_body_bytes, "SCORING_MAX_BODY_BYTES")
        upload = _from_json(_text(body), settings.max_image_bytes)
    else:
        found = kind[:SHOWN_CHARACTERS] or "none"
        raise UnsupportedMediaType(f"Content-Type is {found}; send {CONTENT_TYPES}.")
    return _within_limits(upload, settings)


def image_name(index: int, upload: Upload) -> str:
    """Return what messages call a picture: `image`, or `image[1]` among several."""
    return f"{IMAGE}[{index}]" if upload.several else IMAGE


def description(request: Request, settings: Settings) -> dict[str, Any]:
    """Return what a GET answers: what this door takes, its limits, and the request's path."""
    return {
        "service": "Reads handwritten digits, one to a picture, any size, any polarity.",
        "request": f"POST {CONTENT_TYPES}; pictures in the field {IMAGE}, options in {DATA}",
        "formats": list(FORMATS),
        "limits": {
            "body_bytes": settings.max_body_bytes,
            "images": settings.max_images,
            "image_bytes": settings.max_image_bytes,
            "image_pixels": settings.max_image_pixels,
        },
        "full_path": request.full_path,
    }


def _from_form(form: Form) -> Upload:
    images = [content for name, content in form.files if name == IMAGE]
    texts = [value for name, value in form.texts if name == DATA]
    fields = [name for name, _ in form.files] + [name for name, _ in form.texts]
    for name in fields:
        if name not in FIELDS:
            raise _unknown(name)
    if not images:
        found = "text" if IMAGE in fields else "no such field"
        raise _problem(IMAGE, "one or several files", found)
    if len(texts) > 1 or DATA in (name for name, _ in form.files):
        raise _problem(DATA, "one text part with a JSON object", "files or several parts")
    data = parse_object(texts[0], DATA) if texts else {}
    return Upload(images, len(images) > 1, data)


def _from_json(body: str, max_bytes: int) -> Upload:
    content = json_object(body, {"Content-Type": "application/json"})
    for name in content:
        if name not in FIELDS:
            raise _unknown(name)
    value, data = content.get(IMAGE), content.get(DATA, {})
    if not isinstance(data, dict):
        raise _problem(DATA, "an object", f"a JSON {type(data).__name__}")
    if isinstance(value, list) and value:
        images = [_bytes(item, f"{IMAGE}[{i}]", max_bytes) for i, item in enumerate(value)]
        return Upload(images, True, data)
    return Upload([_bytes(value, IMAGE, max_bytes)], False, data)


def _bytes(value: object, where: str, max_bytes: int) -> bytes:
    """Return what a base64 text or data URI stands for."""
    expected = "a picture as base64 or as a data URI"
    if not isinstance(value, str):
        found = "nothing" if value is None else f"a JSON {type(value).__name__}"
        raise _problem(where, expected, found)
    match = DATA_URI.match(value)
    # Command line tools break base64 into lines.
    text = "".join(value[match.end() if match else 0 :].split())
    if len(text) // 4 * 3 > max_bytes + 2:
        raise _too_many_bytes(where, max_bytes)
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _problem(where, expected, f"text that is no base64 ({error})") from None


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise ClientError("The body is not UTF-8, as JSON has to be.") from None


def _within_limits(upload: Upload, settings: Settings) -> Upload:
    if len(upload.images) > settings.max_images:
        raise TooLarge(
            f"The request holds {len(upload.images)} pictures; this service takes "
            f"{settings.max_images} at once (setting SCORING_MAX_IMAGES)."
        )
    for i, content in enumerate(upload.images):
        if len(content) > settings.max_image_bytes:
            raise _too_many_bytes(image_name(i, upload), settings.max_image_bytes)
    return upload


def _too_many_bytes(where: str, max_bytes: int) -> TooLarge:
    return TooLarge(
        f"{where} is larger than the {max_bytes} bytes that this service reads of one picture "
        "(setting SCORING_MAX_IMAGE_BYTES)."
    )


def _unknown(name: str) -> InvalidInput:
    shown = name if len(name) <= SHOWN_CHARACTERS else f"{name[:SHOWN_CHARACTERS]}..."
    return _problem(
        shown or "a field without a name",
        f"only the fields {IMAGE} and {DATA}",
        "a field of another name",
    )


def _problem(where: str, expected: str, found: str) -> InvalidInput:
    return InvalidInput("the request", [Problem(where, expected, found)])
