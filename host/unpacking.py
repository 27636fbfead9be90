"""Bodies that were sent packed: `Content-Encoding: gzip`."""

from __future__ import annotations

import zlib

#: zlib's window size with "this is gzip" added (zlib manual, inflateInit2).
GZIP = 31


class NotGzip(ValueError):
    """The body is not what its Content-Encoding says."""


class Unpacked(ValueError):
    """The body is larger than the limit once it is unpacked."""


def gunzip(body: bytes, maximum: int) -> bytes:
    """Return what was packed, one gzip member after the other, as RFC 1952 allows.

    Raises:
        NotGzip: it is no gzip, or ends too early.
        Unpacked: more than `maximum` bytes; no more than those were ever unpacked.
    """
    pieces: list[bytes] = []
    left = maximum
    while body:
        member = zlib.decompressobj(GZIP)
        try:
            piece = member.decompress(body, left + 1)
        except zlib.error as error:
            raise NotGzip(str(error)) from None
        left -= len(piece)
        if left < 0:
            raise Unpacked
        if not member.eof:
            raise NotGzip("it ends too early")
        pieces.append(piece)
        body = member.unused_data
    return b"".join(pieces)
