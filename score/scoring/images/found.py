"""What arrived instead of a picture that is read, by how files begin."""

from __future__ import annotations

import binascii

#: How files begin, to tell a client what arrived instead.
SIGNATURES = (
    (b"\x89PNG", "a PNG image that is damaged"),
    (b"\xff\xd8\xff", "a JPEG image that is damaged"),
    (b"GIF8", "a GIF image that is damaged"),
    (b"BM", "a BMP image that is damaged"),
    (b"II*\0", "a TIFF image that is damaged"),
    (b"MM\0*", "a TIFF image that is damaged"),
    (b"RIFF", "a WebP image that is damaged, or another RIFF file"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\x1f\x8b", "gzip-compressed data"),
    (b"8BPS", "a Photoshop document"),
)

#: The brands of ISO media files that phones and cameras call photographs: ISO/IEC 23008-12
#: annex B and 14496-12 for HEIF, the AV1 Image File Format for AVIF.
HEIC_BRANDS = frozenset(b"heic heix heim heis hevc hevx hevm hevs".split())
AVIF_BRANDS = frozenset(b"avif avis avio".split())
HEIF_BRANDS = frozenset(b"mif1 mif2 msf1 miaf MiHB MiHA MiHE".split())

#: Compatible brands that are looked at; real files have fewer than ten.
LISTED_BRANDS = 32


def describe_file(content: bytes) -> str:
    """Say what a file that is no readable image seems to be, by its first bytes."""
    size = f"{len(content)} bytes"
    for start, name in SIGNATURES:
        if content.startswith(start):
            return f"{name}, {size}"
    if (photograph := _photograph(content)) is not None:
        return f"{photograph} image, {size}"
    head = content[:256].lstrip().lower()
    if b"<svg" in head:
        return f"an SVG drawing, {size}"
    if head.startswith((b"<!doctype html", b"<html")):
        return f"an HTML page, {size}"
    if _is_base64_of_an_image(head):
        return f"an image as base64 text, {size}; here send the file's own bytes"
    if not any(byte < 9 or 13 < byte < 32 for byte in head):
        return f"text, {size}"
    return f"{size} of no known format"


def _photograph(content: bytes) -> str | None:
    """Return "a HEIC", "an AVIF" or "a HEIF" where the file says so in its first box."""
    if content[4:8] != b"ftyp":
        return None
    box = content[8 : min(int.from_bytes(content[:4], "big"), 16 + 4 * LISTED_BRANDS)]
    # The major brand, its version, then those it is compatible with.
    brands = {box[:4], *(box[i : i + 4] for i in range(8, len(box), 4))}
    if brands & AVIF_BRANDS:
        return "an AVIF"
    if brands & HEIC_BRANDS:
        return "a HEIC"
    return "a HEIF" if brands & HEIF_BRANDS else None


def _is_base64_of_an_image(head: bytes) -> bool:
    # `head` is in lower case; base64 of an image's signature compared likewise.
    starts = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"RIFF")
    encoded = [binascii.b2a_base64(start, newline=False)[: len(start) * 4 // 3] for start in starts]
    return head.startswith((b"data:image/", *(text.lower() for text in encoded)))
