"""The Swagger of the image door, which no schema in its script describes.

In 3.x the request is files, and the other ways are told in words: beside `application/json`
NSwag writes a client that sends no file, and openapi-python-client one that lacks an import.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from deploy.openapi.document import FILES, VERSIONS, Service, document

#: What limits the pictures in one request, and the limit that the service has by itself.
MAX_IMAGES, DEFAULT_MAX_IMAGES = "SCORING_MAX_IMAGES", 16

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
    "width": 12,
    "height": 12,
}
IMAGE_TYPES = ("image/png", "image/jpeg", "image/gif", "image/bmp", "image/webp", "image/tiff")
FILES_TEXT = "The picture's file; the field may be repeated for several pictures."
DATA_TEXT = 'Options as JSON: {"polarity": "dark on light"} or {"polarity": "light on dark"}.'
#: The same for Swagger 2.0, whose forms have no objects.
DATA_PATTERN = r'^\{ *("polarity" *: *"(dark on light|light on dark)" *)?\}$'
POST_TEXT = (
    "Read the handwritten digit in each picture. One picture is answered with one object, several "
    "with a list in their order. Pictures come as multipart files in the field image, as a raw "
    "body of an image type, or as base64 in JSON."
)
OPTIONS = {
    "type": "object",
    "title": "Options",
    "description": "How to read the pictures.",
    "additionalProperties": False,
    "properties": {
        "polarity": {
            "type": "string",
            "enum": ["dark on light", "light on dark"],
            "description": "Without it, found out for each picture.",
        }
    },
}
JSON_BODY = {
    "type": "object",
    "required": ["image"],
    "additionalProperties": False,
    "properties": {
        "image": {"type": "string", "description": "A picture as base64 or as a data URI."},
        "data": OPTIONS,
    },
}


def image_documents(environ: Mapping[str, str], url: str = "") -> dict[str, dict[str, Any]]:
    """Return file name to document, for every version.

    Args:
        environ: the service's environment variables: one limits the pictures, others are what
            Azure's server puts into the documents that it makes.
        url: where the service is; empty when the documents are not bound to one place.
    """
    # A value that is no number stops the service, which says so.
    limit = environ.get(MAX_IMAGES, "")
    most = int(limit) if limit.isdecimal() else DEFAULT_MAX_IMAGES
    prefix = environ.get("SERVICE_PATH_PREFIX", "").strip("/")
    service = Service(
        title=environ.get("SERVICE_NAME", "Handwritten digits"),
        version=environ.get("SERVICE_VERSION", "1.0"),
        prefix=f"/{prefix}" if prefix else "",
        request=JSON_BODY,
        answer=RESULT,
        # In forms examples have no place; clients/contract/image has one.
        request_example=None,
        answer_example=EXAMPLE,
        url=url,
    )
    return {FILES[version]: _image_document(service, version, most) for version in VERSIONS}


def _image_document(service: Service, version: str, most: int) -> dict[str, Any]:
    if version != "2":
        service = replace(service, request=_multipart(version, most))
    content = document(service, version)
    post = content["paths"][f"{service.prefix}/score"]["post"]
    post["summary"], post["description"] = "Read digits in pictures", POST_TEXT
    post["responses"]["415"]["description"] = "The content type is none of those described."
    if version == "2":
        # Swagger 2.0 knows one kind of body per operation, and one file per field.
        post["consumes"] = ["multipart/form-data"]
        del content["definitions"]["ServiceInput"]
        file = {"name": "image", "in": "formData", "type": "file", "required": True}
        data = {"name": "data", "in": "formData", "type": "string", "required": False}
        data |= {"description": DATA_TEXT, "pattern": DATA_PATTERN}
        post["parameters"] = [file | {"description": FILES_TEXT}, data]
        return content
    post["requestBody"]["description"] = POST_TEXT
    schemas = content["components"]["schemas"]
    # In place: NSwag does not follow a reference to the fields of a form.
    form = {"title": "ServiceInput", **schemas.pop("ServiceInput")}
    post["requestBody"]["content"] = {
        "multipart/form-data": {
            "schema": form,
            "encoding": {"data": {"contentType": "application/json"}},
        },
        **{kind: {"schema": _binary(version, kind)} for kind in IMAGE_TYPES},
    }
    schemas["PictureResult"] = schemas["ServiceOutput"]
    one = {"$ref": "#/components/schemas/PictureResult"}
    schemas["ServiceOutput"] = {
        "description": "One object for one picture, a list for several.",
        "oneOf": [one, {"type": "array", "items": one}],
    }
    return content


def _multipart(version: str, most: int) -> dict[str, Any]:
    files = {"type": "array", "minItems": 1, "maxItems": most, "items": _binary(version)}
    return {
        "type": "object",
        "required": ["image"],
        "additionalProperties": False,
        "properties": {"image": files | {"description": FILES_TEXT}, "data": OPTIONS},
    }


def _binary(version: str, kind: str = "application/octet-stream") -> dict[str, Any]:
    # In 3.1 a raw body is described by its content type; generators read the format as well.
    extra = {"contentMediaType": kind} if version == "3.1" else {}
    return {"type": "string", "format": "binary", **extra}
