"""Write the Swagger of the image door, which no schema in its script describes.

python -m deploy.image_swagger --out score

azmlinfsrv serves the files that lie in its app root, for whichever entry script it runs: put
them there only where `image.py` is the entry.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from deploy.openapi import VERSIONS, Service, document
from deploy.swagger import FILES, write

LABELS = [str(label) for label in range(10)]

RESULT = {
    "type": "object",
    "description": "What one picture shows.",
    "required": ["label", "probabilities", "width", "height"],
    "properties": {
        "label": {"type": "integer", "minimum": 0, "maximum": 9},
        "probabilities": {
            "type": "object",
            "description": "The probability of every class; they add up to 1.",
            "required": LABELS,
            "properties": {label: {"type": "number"} for label in LABELS},
        },
        "width": {"type": "integer", "description": "In pixels, as received."},
        "height": {"type": "integer", "description": "In pixels, as received."},
    },
}
EXAMPLE = {
    "label": 4,
    "probabilities": {label: 0.991 if label == "4" else 0.001 for label in LABELS},
    "width": 300,
    "height": 300,
}
#: The smallest PNG there is: one gray pixel.
REQUEST_EXAMPLE = {
    "image": (
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
    )
}
IMAGE_TYPES = ("image/png", "image/jpeg", "image/gif", "image/bmp", "image/webp", "image/tiff")
FILES_TEXT = "The picture's file; the field may be repeated for several pictures."
DATA_TEXT = 'Options as JSON: {"polarity": "dark on light"} or {"polarity": "light on dark"}.'
POST_TEXT = (
    "Read the handwritten digit in each picture. One picture is answered with one object, several "
    "with a list in their order. Pictures come as multipart files in the field image, as a raw "
    "body of an image type, or as base64 in JSON."
)
JSON_BODY = {
    "type": "object",
    "required": ["image"],
    "properties": {
        "image": {"type": "string", "description": "A picture as base64 or as a data URI."},
        "data": {
            "type": "object",
            "properties": {
                "polarity": {"type": "string", "enum": ["dark on light", "light on dark"]}
            },
        },
    },
}


def image_documents() -> dict[str, dict[str, Any]]:
    """Return file name to document, for every version."""
    service = Service(
        title="Handwritten digits",
        version="1.0",
        prefix="",
        request=JSON_BODY,
        answer=RESULT,
        request_example=REQUEST_EXAMPLE,
        answer_example=EXAMPLE,
    )
    return {FILES[version]: _image_document(service, version) for version in VERSIONS}


def _image_document(service: Service, version: str) -> dict[str, Any]:
    content = document(service, version)
    post = content["paths"]["/score"]["post"]
    post["summary"], post["description"] = "Read digits in pictures", POST_TEXT
    post["responses"]["415"]["description"] = "The content type is none of those described."
    if version == "2":
        # Swagger 2.0 knows one kind of body per operation, and one file per field.
        post["consumes"] = ["multipart/form-data"]
        file = {"name": "image", "in": "formData", "type": "file", "required": True}
        data = {"name": "data", "in": "formData", "type": "string", "required": False}
        post["parameters"] = [file | {"description": FILES_TEXT}, data | {"description": DATA_TEXT}]
        return content
    post["requestBody"]["description"] = POST_TEXT
    post["requestBody"]["content"] = {
        "multipart/form-data": {"schema": _multipart(version)},
        **post["requestBody"]["content"],
        **{kind: {"schema": _binary(version, kind)} for kind in IMAGE_TYPES},
    }
    schemas = content["components"]["schemas"]
    schemas["PictureResult"] = schemas["ServiceOutput"]
    one = {"$ref": "#/components/schemas/PictureResult"}
    schemas["ServiceOutput"] = {
        "description": "One object for one picture, a list for several.",
        "oneOf": [one, {"type": "array", "items": one}],
    }
    return content


def _multipart(version: str) -> dict[str, Any]:
    files = {"type": "array", "minItems": 1, "items": _binary(version), "description": FILES_TEXT}
    return {
        "type": "object",
        "required": ["image"],
        "properties": {"image": files, "data": {"type": "string", "description": DATA_TEXT}},
    }


def _binary(version: str, kind: str = "application/octet-stream") -> dict[str, Any]:
    # In 3.1 a raw body is described by its content type; generators read the format as well.
    extra = {"contentMediaType": kind} if version == "3.1" else {}
    return {"type": "string", "format": "binary", **extra}


def main() -> int:
    """Write the documents; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.image_swagger", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    default = Path("build/swagger/image")
    parser.add_argument("--out", type=Path, default=default, help=f"folder to write to ({default})")
    for path in write(image_documents(), parser.parse_args().out):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
