"""The Swagger of the image door, which no schema in its script describes.

In 3.x the request is files, and the other ways are told in words: beside `application/json`
NSwag writes a client that sends no file, and openapi-python-client one that lacks an import.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from deploy.openapi.document import FILES, VERSIONS, Service, document
from deploy.openapi.schemas import Schema

#: What limits the pictures in one request, and the limit that the service has by itself.
MAX_IMAGES, DEFAULT_MAX_IMAGES = "SCORING_MAX_IMAGES", 16

IMAGE_TYPES = ("image/png", "image/jpeg", "image/gif", "image/bmp", "image/webp", "image/tiff")
FILES_TEXT = "The picture's file; the field may be repeated for several pictures."
WAYS = (
    "One picture is answered with one object, several with a list in their order. Pictures come as "
    "multipart files in the field image, as a raw body of an image type, or as base64 in JSON."
)


@dataclass(frozen=True)
class Pictures:
    """What a model of pictures is asked and answers.

    Attributes:
        title: of the service.
        summary: what it does, in a few words.
        text: the same in a sentence.
        options: what a request may say of its pictures, and the words for each.
        note: what is to be said of the options.
        result: the schema of what is answered for one picture, without its size.
        example: such an answer.
    """

    title: str
    summary: str
    text: str
    options: Mapping[str, Sequence[str]]
    note: str
    result: Schema
    example: Mapping[str, Any]

    def options_schema(self) -> Schema:
        """Return the schema of the options."""
        noted = {"description": self.note} if self.note else {}
        properties = {
            name: {"type": "string", "enum": list(words), **noted}
            for name, words in self.options.items()
        }
        return {
            "type": "object",
            "title": "Options",
            "description": "How to read the pictures.",
            "additionalProperties": False,
            "properties": properties,
        }

    def form_field(self) -> Schema:
        """Return the options' field for Swagger 2.0, whose forms have no objects."""
        said = [f'{{"{name}": "{word}"}}' for name, words in self.options.items() for word in words]
        field: Schema = {"name": "data", "in": "formData", "type": "string", "required": False}
        field["description"] = f"Options as JSON: {' or '.join(said)}." if said else "No options."
        if len(self.options) <= 1:
            one = "".join(
                f'"{name}" *: *"({"|".join(map(re.escape, words))})" *'
                for name, words in self.options.items()
            ).replace("\\ ", " ")
            field["pattern"] = rf"^\{{ *({one})?\}}$" if one else r"^\{ *\}$"
        return field

    def answer(self) -> Schema:
        """Return the schema of what is answered for one picture."""
        size = {"type": "integer", "description": "In pixels, as received."}
        properties = {**self.result, "width": size, "height": size}
        return {
            "type": "object",
            "description": "What one picture shows.",
            "required": list(properties),
            "properties": properties,
        }


def of_classes(labels: Sequence[str | int]) -> Schema:
    """Return the schema of a class and the probability of each."""
    names = [str(label) for label in labels]
    return {
        "label": _label(labels),
        "probabilities": {
            "type": "object",
            "description": "The probability of every class; they add up to 1.",
            "required": names,
            "properties": {name: {"type": "number"} for name in names},
        },
    }


def _label(labels: Sequence[str | int]) -> Schema:
    if list(labels) == list(range(len(labels))):
        return {"type": "integer", "minimum": 0, "maximum": len(labels) - 1}
    if all(isinstance(label, str) for label in labels):
        return {"type": "string", "enum": list(labels)}
    return {"enum": list(labels)}


POLARITY = {"polarity": ("dark on light", "light on dark")}

#: The sample: handwritten digits.
DIGITS = Pictures(
    title="Handwritten digits",
    summary="Read digits in pictures",
    text=f"Read the handwritten digit in each picture. {WAYS}",
    options=POLARITY,
    note="Without it, found out for each picture.",
    result=of_classes(range(10)),
    example={
        "label": 4,
        "probabilities": {str(label): 0.991 if label == 4 else 0.001 for label in range(10)},
        "width": 12,
        "height": 12,
    },
)


def declared(declaration: Mapping[str, Any]) -> Pictures:
    """Return what a model's `image_input.json` says (docs/images.md).

    Where it does not name the classes, which a scikit-learn classifier does by itself, neither
    does the document.
    """
    labels, options = declaration.get("labels"), declaration.get("options", {})
    if labels == list(range(10)) and options == {k: list(v) for k, v in POLARITY.items()}:
        return DIGITS
    example: dict[str, Any] = {"width": 640, "height": 480}
    if declaration.get("output") == "values":
        result: Schema = {"prediction": {"description": "The model's own number or numbers."}}
        example = {"prediction": 0.5, **example}
    elif labels:
        result = of_classes(labels)
        shares = {str(label): float(label == labels[0]) for label in labels}
        example = {"label": labels[0], "probabilities": shares, **example}
    else:
        chances = {"type": "object", "additionalProperties": {"type": "number"}}
        result = {"label": {"description": "The class."}, "probabilities": chances}
        example = {"label": "a", "probabilities": {"a": 1.0}, **example}
    summary = declaration.get("summary", "Tells what a picture shows.")
    return Pictures("Pictures", "Score pictures", f"{summary} {WAYS}", options, "", result, example)


def image_documents(
    environ: Mapping[str, str], url: str = "", pictures: Pictures = DIGITS
) -> dict[str, dict[str, Any]]:
    """Return file name to document, for every version.

    Args:
        environ: the service's environment variables: one limits the pictures, others are what
            Azure's server puts into the documents that it makes.
        url: where the service is; empty when the documents are not bound to one place.
        pictures: what the model is asked and answers.
    """
    # A value that is no number stops the service, which says so.
    limit = environ.get(MAX_IMAGES, "")
    most = int(limit) if limit.isdecimal() else DEFAULT_MAX_IMAGES
    prefix = environ.get("SERVICE_PATH_PREFIX", "").strip("/")
    service = Service(
        title=environ.get("SERVICE_NAME", pictures.title),
        version=environ.get("SERVICE_VERSION", "1.0"),
        prefix=f"/{prefix}" if prefix else "",
        request=_json_body(pictures),
        answer=pictures.answer(),
        # In forms examples have no place; clients/contract/image has one.
        request_example=None,
        answer_example=dict(pictures.example),
        url=url,
    )
    return {
        FILES[version]: _image_document(service, version, most, pictures) for version in VERSIONS
    }


def _image_document(
    service: Service, version: str, most: int, pictures: Pictures
) -> dict[str, Any]:
    if version != "2":
        service = replace(service, request=_multipart(version, most, pictures))
    content = document(service, version)
    post = content["paths"][f"{service.prefix}/score"]["post"]
    post["summary"], post["description"] = pictures.summary, pictures.text
    post["responses"]["415"]["description"] = "The content type is none of those described."
    if version == "2":
        # Swagger 2.0 knows one kind of body per operation, and one file per field.
        post["consumes"] = ["multipart/form-data"]
        del content["definitions"]["ServiceInput"]
        file = {"name": "image", "in": "formData", "type": "file", "required": True}
        post["parameters"] = [file | {"description": FILES_TEXT}, pictures.form_field()]
        return content
    post["requestBody"]["description"] = pictures.text
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


def _json_body(pictures: Pictures) -> dict[str, Any]:
    image = {"type": "string", "description": "A picture as base64 or as a data URI."}
    return {
        "type": "object",
        "required": ["image"],
        "additionalProperties": False,
        "properties": {"image": image, "data": pictures.options_schema()},
    }


def _multipart(version: str, most: int, pictures: Pictures) -> dict[str, Any]:
    files = {"type": "array", "minItems": 1, "maxItems": most, "items": _binary(version)}
    return {
        "type": "object",
        "required": ["image"],
        "additionalProperties": False,
        "properties": {
            "image": files | {"description": FILES_TEXT},
            "data": pictures.options_schema(),
        },
    }


def _binary(version: str, kind: str = "application/octet-stream") -> dict[str, Any]:
    # In 3.1 a raw body is described by its content type; generators read the format as well.
    extra = {"contentMediaType": kind} if version == "3.1" else {}
    return {"type": "string", "format": "binary", **extra}
