"""Pictures in a request: multipart files, one raw body, or base64 in JSON.

    multipart/form-data       one or several files in the field `image`, optional JSON in `data`
    image/*                   the picture itself
    application/octet-stream  likewise: its bytes tell the format
    application/json          {"image": "<base64 or data URI>" or a list of them, "data": {...}}

Every way ends in the same `Upload`; what does not fit is refused with the field named.
"""

from __future__ import annotations

import base64
import binascii
import re
import urllib.parse
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from scoring.errors import ClientError, InvalidInput, Problem, TooLarge, UnsupportedMediaType
from scoring.http.bodies import Form, read_body, read_form
from scoring.http.host import Request
from scoring.http.json_body import json_object, parse_object
from scoring.images.declaration import Declaration
from scoring.images.pixels import FORMATS
from scoring.problems import SHOWN_CHARACTERS, Problems, check_keys, describe, key_path
from scoring.settings import Settings

IMAGE, DATA = "image", "data"

#: What the field `image` holds in a form, and what it holds in JSON.
FILES, ENCODED = "one or several files", "a picture as base64 or as a data URI"

#: RFC 2397: a picture's bytes are base64, or percent-encoded.
DATA_URI = re.compile(r"data:[^,]{0,200},", re.IGNORECASE)
BASE64_MARK = ";base64,"

#: RFC 4648 section 5, the alphabet for URLs and file names, to that of section 4.
URL_SAFE = str.maketrans("-_", "+/")

OCTETS = "application/octet-stream"

#: A part is a file by its file name alone (RFC 7578 section 4.2).
TEXT_PART = 'text: a part without filename="..." in its Content-Disposition'

Part = TypeVar("Part", str, bytes)

CONTENT_TYPES = f"multipart/form-data, image/*, {OCTETS} or application/json"


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
        if not request.mimetype_params.get("boundary"):
            raise ClientError(
                "Content-Type is multipart/form-data without its boundary, so the parts cannot be "
                "told apart. Leave Content-Type to your HTTP library, which adds it."
            )
        form = read_form(request, settings.max_body_bytes, "SCORING_MAX_BODY_BYTES")
        upload = _from_form(form)
    elif kind.startswith("image/") or kind == OCTETS:
        limit = settings.max_image_bytes
        upload = Upload([read_body(request, limit, "SCORING_MAX_IMAGE_BYTES")])
    elif kind == "application/json" or kind.endswith("+json"):
        body = read_body(request, settings.max_body_bytes, "SCORING_MAX_BODY_BYTES")
        upload = _from_json(body, settings.max_image_bytes)
    else:
        found = kind[:SHOWN_CHARACTERS] or "none"
        raise UnsupportedMediaType(f"Content-Type is {found}; send {CONTENT_TYPES}.")
    return _within_limits(upload, settings)


def image_name(index: int, upload: Upload) -> str:
    """Return what messages call a picture: `image`, or `image[1]` among several."""
    return f"{IMAGE}[{index}]" if upload.several else IMAGE


def description(request: Request, settings: Settings, declaration: Declaration) -> dict[str, Any]:
    """Return what a GET answers: what this door takes, its limits, and the request's path."""
    return {
        "service": declaration.summary,
        "request": f"POST {CONTENT_TYPES}; pictures in the field {IMAGE}, options in {DATA}",
        "options": declaration.options,
        "formats": list(FORMATS),
        "limits": {
            "body_bytes": settings.max_body_bytes,
            "images": settings.max_images,
            "image_bytes": settings.max_image_bytes,
            "image_pixels": settings.max_image_pixels,
            "image_memory": settings.max_image_memory,
            "image_seconds": settings.image_seconds,
        },
        "full_path": request.full_path,
    }


def _from_form(form: Form) -> Upload:
    files, texts = _by_name(form.files), _by_name(form.texts)
    problems = Problems("")
    if IMAGE not in files:
        problems.add("", IMAGE, FILES, TEXT_PART if IMAGE in texts else "nothing")
    if DATA in files or len(texts.get(DATA, ())) > 1:
        found = "a file" if DATA in files else f"{len(texts[DATA])} parts"
        problems.add("", DATA, "one text part with a JSON object", found)
    for name in (files | texts).keys() - {IMAGE, DATA}:
        found = "a file" if name in files else "text"
        problems.add("", key_path("", name), f"only the fields {IMAGE} and {DATA}", found)
    problems.raise_any()
    data = parse_object(texts[DATA][0], DATA) if DATA in texts else {}
    return Upload(files[IMAGE], len(files[IMAGE]) > 1, data)


def _by_name(parts: Iterable[tuple[str, Part]]) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = {}
    for name, content in parts:
        found.setdefault(name, []).append(content)
    return found


def _from_json(body: bytes, max_bytes: int) -> Upload:
    content = json_object(body, {"Content-Type": "application/json"})
    problems = Problems("")
    data = content.get(DATA, {})
    if not isinstance(data, dict):
        problems.add("", DATA, "an object", describe(data))
    check_keys(content, [IMAGE], {IMAGE: ENCODED, DATA: "an object"}, "", "", problems)
    problems.raise_any()
    value = content[IMAGE]
    if isinstance(value, list) and value:
        images = [_bytes(item, f"{IMAGE}[{i}]", max_bytes) for i, item in enumerate(value)]
        return Upload(images, True, data)
    return Upload([_bytes(value, IMAGE, max_bytes)], False, data)


def _bytes(value: object, where: str, max_bytes: int) -> bytes:
    """Return what a base64 text or data URI stands for."""
    if not isinstance(value, str):
        raise _problem(where, describe(value))
    match = DATA_URI.match(value)
    text = value[match.end() :] if match else value
    if match and not match.group().lower().endswith(BASE64_MARK):
        return _limited(urllib.parse.unquote_to_bytes(text), where, max_bytes)
    # Query strings and forms bring base64 percent-encoded as well; no alphabet has a %.
    text = urllib.parse.unquote(text) if "%" in text else text
    # Command line tools break base64 into lines, some leave its padding out.
    text = "".join(text.split()).translate(URL_SAFE).rstrip("=")
    if len(text) // 4 * 3 > max_bytes + 2:
        raise _too_many_bytes(where, max_bytes)
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise _problem(where, f"text that is no base64 ({error})") from None


def _limited(content: bytes, where: str, max_bytes: int) -> bytes:
    if len(content) > max_bytes:
        raise _too_many_bytes(where, max_bytes)
    return content


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


def _problem(where: str, found: str) -> InvalidInput:
    return InvalidInput("the body", [Problem(where, ENCODED, found)])
