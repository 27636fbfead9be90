"""From bytes to text: byte order marks, UTF-8, else Windows-1252, which Excel writes in the West.

That a file is UTF-8 can be told with certainty, that it is Windows-1252 cannot: what was read
is shown with an example, and `--encoding` says otherwise.
"""

from __future__ import annotations

import codecs
import re

from tabular.errors import BadData

#: The longer mark of UTF-32 begins with UTF-16's, so it comes first.
MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}

#: A word with a letter that another encoding would read as another one.
TELLING = re.compile(r"\w*[^\x00-\x7f]\w*")

ASK = "say which encoding it has: --encoding cp1250 (or utf-16, mac-roman, ...)"


def decode(raw: bytes, encoding: str | None) -> tuple[str, str]:
    """Return the text of a file, and what to say of its encoding.

    Raises:
        BadData: it has another encoding than said, or none that can be recognised.
    """
    if encoding is not None:
        try:
            return raw.decode(encoding).removeprefix("\ufeff"), encoding
        except LookupError:
            raise BadData(f"--encoding {encoding}: Python knows no such encoding") from None
        except UnicodeError as error:
            raise BadData(f"not {encoding}, as --encoding says: {error}") from None
    for mark, name in MARKS.items():
        if raw.startswith(mark):
            return _strict(raw, name), name.removesuffix("-sig").upper()
    if b"\0" in raw:
        raise BadData(f"holds zero bytes: UTF-16 without its mark, or no text at all; {ASK}")
    try:
        return raw.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        try:
            text = raw.decode("cp1252")
        except UnicodeDecodeError:
            raise BadData(f"neither UTF-8 nor Windows-1252 (line {line}): {ASK}") from None
    example = next(TELLING.finditer(text))[0]
    return text, f"Windows-1252 ({example!r}; --encoding if that is wrong)"


def _strict(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadData(f"begins as {encoding} and is not: {error.reason}; {ASK}") from None
