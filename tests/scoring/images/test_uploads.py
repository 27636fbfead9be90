"""The ways in which base64 reaches a service."""

from __future__ import annotations

import base64
import json
import urllib.parse
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring.errors import ClientError, InvalidInput, TooLarge, UnsupportedMediaType
from scoring.images.uploads import read_upload
from scoring.settings import Settings
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

SETTINGS = Settings(max_image_bytes=1000)


def request(body: bytes | str, content_type: str) -> Any:
    builder = EnvironBuilder(method="POST", data=body, content_type=content_type)
    return Request(builder.get_environ())


def image(value: object) -> bytes:
    upload = read_upload(request(json.dumps({"image": value}), "application/json"), SETTINGS)
    (content,) = upload.images
    return content


@given(st.binary(max_size=200), st.integers(1, 80))
def test_every_spelling_of_base64_is_read(content: bytes, width: int) -> None:
    """Both alphabets, with and without padding, in lines, in a data URI, percent-encoded."""
    for encoded in (base64.b64encode(content), base64.urlsafe_b64encode(content)):
        text = encoded.decode()
        bare = text.rstrip("=")
        lines = "\r\n".join(text[i : i + width] for i in range(0, len(text), width))
        for spelling in (text, bare, lines, lines + "\n"):
            assert image(spelling) == content
            assert image(f"data:image/png;base64,{spelling}") == content
            assert image(urllib.parse.quote(spelling, safe="")) == content
            assert image("DATA:;Base64," + urllib.parse.quote(spelling, safe="")) == content
    assert image("data:image/svg+xml," + urllib.parse.quote_from_bytes(content, safe="")) == content


@pytest.mark.parametrize("text", ["a", "ab!d", "äöü", "ab=d", "%", "https://example.com/a.png"])
def test_what_is_no_base64_is_said(text: str) -> None:
    """Nothing is guessed from a text that is not whole."""
    with pytest.raises(InvalidInput, match="base64"):
        image(text)


def test_the_limit_is_on_the_picture() -> None:
    """Line breaks and percent signs do not count, the picture's bytes do."""
    for content in (b"x" * 1000, bytes(1000)):
        text = base64.b64encode(content).decode()
        assert image("\n".join(text)) == content
        assert image("data:," + urllib.parse.quote_from_bytes(content)) == content
    for value in (base64.b64encode(bytes(1001)).decode(), "data:," + "%00" * 1001):
        with pytest.raises(TooLarge, match="SCORING_MAX_IMAGE_BYTES"):
            image(value)


def test_octets_are_a_picture() -> None:
    """What a program sends that does not know its file's type is looked at by its bytes."""
    assert read_upload(request(b"abc", "application/octet-stream"), SETTINGS).images == [b"abc"]


def test_multipart_says_what_is_missing() -> None:
    """Without a boundary nothing can be read; a part without a file name is text."""
    with pytest.raises(ClientError, match="without its boundary"):
        read_upload(request(b"--b", "multipart/form-data"), SETTINGS)
    part = b'--b\r\nContent-Disposition: form-data; name="image"\r\n\r\nx\r\n--b--\r\n'
    with pytest.raises(InvalidInput, match="without filename="):
        read_upload(request(part, "multipart/form-data; boundary=b"), SETTINGS)


def test_other_types_are_refused() -> None:
    """The message lists what is read."""
    with pytest.raises(UnsupportedMediaType, match="application/octet-stream or application/json"):
        read_upload(request(b"x", "text/plain"), SETTINGS)
