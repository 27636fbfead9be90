"""The document that describes a service, in the three versions Azure's server knows.

The server's own template says too little for code generators: no tags, no summaries, no error
answers but `default`, wrong content types for `/` and `/swagger.json`, an optional body. The
functions here take what the live service says of its input and output and write all of it.
They are pure: a description in, a document out.

Operation ids and the names ServiceInput, ServiceOutput and ErrorResponse are the server's, so
that code generated from its own document goes on compiling.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from deploy.openapi.schemas import Schema, Writer

#: The versions and the specification each one names.
VERSIONS = {"2": "2.0", "3": "3.0.3", "3.1": "3.1.0"}

#: The files the server looks for in its app root. It reads swagger.json before swagger2.json.
FILES = {version: f"swagger{version}.json" for version in VERSIONS}

#: The server's own names of the body, the result and every failure.
SCHEMAS = ("ServiceInput", "ServiceOutput", "ErrorResponse")

SCORING, SERVICE = "scoring", "service"
TAGS = [
    {"name": SCORING, "description": "Ask the model."},
    {"name": SERVICE, "description": "Ask about the service itself; no key is needed."},
]

ERROR_SCHEMA: Schema = {
    "type": "object",
    "description": "Why there is no result.",
    "required": ["message"],
    "properties": {
        "message": {"type": "string", "description": "One sentence for a person."},
        "errors": {
            "type": "array",
            "description": "The first problems of the input, at most ten.",
            "items": {
                "type": "object",
                "title": "FieldError",
                "required": ["where", "expected", "found"],
                "properties": {
                    "where": {
                        "type": "string",
                        "description": "Path in the body, such as Inputs.data[17].bmi.",
                    },
                    "expected": {"type": "string"},
                    "found": {"type": "string", "description": "What arrived, shortened."},
                },
            },
        },
        "error_count": {"type": "integer", "description": "How many problems in all."},
        "request_id": {
            "type": "string",
            "description": "For the operator of the service; with status 500 and above.",
        },
    },
}

FAILURES = {
    "400": "The request is at fault; `errors` names the fields.",
    "413": "The request exceeds a limit, which `message` names.",
    "415": "The content type is not application/json.",
    "500": "The model failed on this request; nothing in the request was refused.",
    "default": "The service failed to execute due to an error.",
}

#: Headers of every answer of /score that reached the entry script, and their schema.
HEADERS: dict[str, Schema] = {
    "x-request-id": {
        "description": "The request's own id, or one made by the server.",
        "type": "string",
    },
    "x-ms-request-id": {"description": "As x-request-id.", "type": "string"},
    "x-ms-client-request-id": {"description": "As it was sent.", "type": "string"},
    "x-ms-run-function-failed": {
        "description": "True when the entry script failed.",
        "type": "string",
    },
    "x-ms-run-fn-exec-ms": {
        "description": "Milliseconds spent in the entry script.",
        "type": "string",
    },
}

#: The last of them is of run() alone; a content type is refused before that.
TIMED = "x-ms-run-fn-exec-ms"
UNTIMED = ("415",)


@dataclass(frozen=True)
class Service:
    """What a live service says of itself.

    Attributes:
        title: the service's name.
        version: the service's version, not OpenAPI's.
        prefix: what stands before every path; empty or `/something`.
        request: schema of the body.
        answer: schema of the result.
        request_example: a body that the service answers with 200.
        answer_example: its answer.
        url: what stands before the prefix; empty when the document is not bound to one place.
        versions: keys of `VERSIONS` in which the service can be described.
    """

    title: str
    version: str
    prefix: str
    request: Schema
    answer: Schema
    request_example: Any
    answer_example: Any
    url: str = ""
    versions: tuple[str, ...] = tuple(VERSIONS)


def document(service: Service, version: str) -> dict[str, Any]:
    """Return the document of one of `VERSIONS`."""
    return _document2(service) if version == "2" else _document3(service, version)


def _info(service: Service) -> dict[str, Any]:
    return {
        "title": service.title,
        "description": f"API specification for the Azure Machine Learning service {service.title}",
        "version": service.version,
    }


def _operations(service: Service) -> dict[str, dict[str, Any]]:
    """Return what is the same in every version: path to operation."""
    return {
        f"{service.prefix}/": {
            "operationId": "ServiceHealthCheck",
            "summary": "Is the service up?",
            "description": "Answers once the model is loaded.",
            "tags": [SERVICE],
            "security": [],
        },
        f"{service.prefix}/score": {
            "operationId": "RunMLService",
            "summary": "Score the input",
            "description": "Run the model on the input and return one result per row.",
            "tags": [SCORING],
            "security": [{"Bearer": []}],
        },
        f"{service.prefix}/swagger.json": {
            "operationId": "GetSwaggerSpec",
            "summary": "This document",
            "description": "The description of the service, in the version asked for.",
            "tags": [SERVICE],
            "security": [],
        },
    }


HEALTHY = "The service is up; the body is the word Healthy."
VERSION_PARAMETER = {"name": "version", "in": "query", "required": False}
VERSION_SCHEMA: Schema = {
    "type": "string",
    "enum": ["2", "2.0", "3", "3.0", "3.1"],
    "default": "2",
}
DOCUMENT: Schema = {
    "type": "object",
    "description": "An OpenAPI document; its fields are those of the specification.",
    "additionalProperties": True,
}
BEARER = {
    "type": "apiKey",
    "name": "Authorization",
    "in": "header",
    "description": "The word Bearer, a space and a key or token of the service.",
}


def _document3(service: Service, version: str) -> dict[str, Any]:
    schemas, named = _schemas(service, version)
    health, score, swagger = _operations(service).values()
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS}
    failures = {
        status: {
            "description": text,
            "headers": _sent_with(status, headers),
            "content": _json("ErrorResponse"),
        }
        for status, text in FAILURES.items()
    }
    score["requestBody"] = {
        "description": "The input of the model.",
        "required": True,
        "content": _json("ServiceInput", service.request_example),
    }
    score["responses"] = {
        "200": {
            "description": "The results.",
            "headers": headers,
            "content": _json("ServiceOutput", service.answer_example),
        },
        **failures,
    }
    failure = {"description": FAILURES["default"], "content": _json("ErrorResponse")}
    text = {"text/html": {"schema": {"type": "string"}, "example": "Healthy"}}
    health["responses"] = {
        "200": {"description": HEALTHY, "content": text},
        "default": failure,
    }
    swagger["parameters"] = [{**VERSION_PARAMETER, "schema": VERSION_SCHEMA}]
    swagger["responses"] = {
        "200": {
            "description": "The document.",
            "content": {"application/json": {"schema": DOCUMENT}},
        },
        "404": {"description": "No such version.", "content": _json("ErrorResponse")},
        "default": failure,
    }
    return deepcopy(
        {
            "openapi": VERSIONS[version],
            "info": _info(service),
            "servers": [{"url": service.url or "/"}],
            "tags": TAGS,
            "security": [{"Bearer": []}],
            "paths": _paths(service, health, score, swagger),
            "components": {
                "schemas": schemas | named,
                "headers": _headers3(),
                "securitySchemes": {"Bearer": BEARER},
            },
        }
    )


def _document2(service: Service) -> dict[str, Any]:
    definitions, _ = _schemas(service, "2")
    definitions["ServiceInput"]["example"] = service.request_example
    definitions["ServiceOutput"]["example"] = service.answer_example
    error = {"$ref": "#/definitions/ErrorResponse"}
    health, score, swagger = _operations(service).values()
    failures = {
        status: {"description": text, "headers": _sent_with(status, HEADERS), "schema": error}
        for status, text in FAILURES.items()
    }
    score["parameters"] = [
        {
            "name": "serviceInputPayload",
            "in": "body",
            "required": True,
            "description": "The input of the model.",
            "schema": {"$ref": "#/definitions/ServiceInput"},
        }
    ]
    score["responses"] = {
        "200": {
            "description": "The results.",
            "headers": HEADERS,
            "schema": {"$ref": "#/definitions/ServiceOutput"},
        },
        **failures,
    }
    failure = {"description": FAILURES["default"], "schema": error}
    health["produces"] = ["text/html", "application/json"]
    health["responses"] = {
        "200": {
            "description": HEALTHY,
            "schema": {"type": "string"},
            "examples": {"text/html": "Healthy"},
        },
        "default": failure,
    }
    swagger["parameters"] = [{**VERSION_PARAMETER, **VERSION_SCHEMA}]
    swagger["responses"] = {
        "200": {"description": "The document.", "schema": DOCUMENT},
        "404": {"description": "No such version.", "schema": error},
        "default": failure,
    }
    url = urlsplit(service.url)
    return deepcopy(
        {
            "swagger": VERSIONS["2"],
            "info": _info(service),
            **({"host": url.netloc} if url.netloc else {}),
            **({"basePath": url.path} if url.path else {}),
            "schemes": [url.scheme or "https"],
            "consumes": ["application/json"],
            "produces": ["application/json"],
            "tags": TAGS,
            "securityDefinitions": {"Bearer": BEARER},
            "paths": _paths(service, health, score, swagger),
            "definitions": definitions,
        }
    )


def _sent_with(status: str, headers: Schema) -> Schema:
    """Return the headers of an answer with this status."""
    return {
        name: header for name, header in headers.items() if name != TIMED or status not in UNTIMED
    }


def _schemas(service: Service, version: str) -> tuple[dict[str, Schema], dict[str, Schema]]:
    """Return the three schemas of the server's names, and those of the objects inside them."""
    writer = Writer(version, taken=SCHEMAS)
    # First, for the classes of failures to be called the same for every service.
    error = writer.top(ERROR_SCHEMA, "Error")
    body, result = writer.top(service.request, "Input"), writer.top(service.answer, "Output")
    return dict(zip(SCHEMAS, (body, result, error), strict=True)), writer.named


def _paths(service: Service, *operations: dict[str, Any]) -> dict[str, Any]:
    methods = ("get", "post", "get")
    return {
        path: {method: operation}
        for path, method, operation in zip(_operations(service), methods, operations, strict=True)
    }


def _json(name: str, example: Any = None) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": {"$ref": f"#/components/schemas/{name}"}}
    if example is not None:
        content["example"] = example
    return {"application/json": content}


def _headers3() -> dict[str, Any]:
    return {
        name: {"description": header["description"], "schema": {"type": header["type"]}}
        for name, header in HEADERS.items()
    }
