"""The Swagger of the Studio door: both of its formats, whatever the script's columns are.

The columns are not known before a request comes, so rows are objects of any field. Swagger 2.0
has no alternatives: there an input or output is any JSON, and the text says which two it may be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deploy.openapi.disjoint import NULLABLE
from deploy.openapi.document import FILES, VERSIONS, Service, document
from deploy.openapi.schemas import VARIANTS, Schema

STRINGS = {"type": "array", "items": {"type": "string"}}
CELLS = {"type": "array", "items": {"type": "string", NULLABLE: True}}
ROWS: Schema = {
    "type": "array",
    "title": "Rows",
    "description": "One object per row, all with the same keys.",
    "items": {"type": "object", "additionalProperties": True},
}
TABLE: Schema = {
    "type": "object",
    "title": "Table",
    "description": "Names of the columns, and a list of cells for each row.",
    "required": ["ColumnNames", "Values"],
    "additionalProperties": False,
    "properties": {"ColumnNames": STRINGS, "Values": {"type": "array", "items": CELLS}},
}
RESULT: Schema = {
    "type": "object",
    "title": "Table",
    "required": ["type", "value"],
    "properties": {
        "type": {"type": "string", "enum": ["table"]},
        "value": {
            "type": "object",
            "title": "TableValue",
            "description": "Names and types come with details=true only.",
            "required": ["Values"],
            "properties": {
                "ColumnNames": STRINGS,
                "ColumnTypes": STRINGS,
                "Values": {"type": "array", "items": CELLS},
            },
        },
    },
}
DEVICE: Schema = {
    "type": "object",
    "title": "Device",
    "description": "With device=true only: what the script printed and drew.",
    "required": ["Standard Output", "Standard Error", "Graphics Device"],
    "properties": {
        "Standard Output": {"type": "string"},
        "Standard Error": {"type": "string"},
        "Graphics Device": {
            "type": "array",
            "items": {"type": "string", "format": "byte", "description": "A PNG picture."},
        },
    },
}
ERROR: Schema = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "details"],
            "properties": {
                "code": {"type": "string", "description": "BadArgument, say."},
                "message": {"type": "string"},
                "requestId": {"type": "string", "description": "With status 500 only."},
                "details": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["code", "message"],
                        "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
                    },
                },
            },
        }
    },
}

INPUTS = ("input1", "input2", "WebServiceInput0", "WebServiceInput1")
OUTPUTS = ("output1", "output2", "WebServiceOutput0", "WebServiceOutput1", "WebServiceOutput2")
TEXT = (
    "Call the script with the tables of the request. The old format has input1 and input2, each a "
    "table or a list of rows, and is answered with strings; the designer's has WebServiceInput0 "
    "and WebServiceInput1 and is answered with typed values."
)

#: Query parameter to what it does and its values.
QUERY = {
    "api-version": ("The old service's own; 2.0 or nothing.", ["2.0"]),
    "details": ("Names and types of the columns beside the values of a table.", ["true", "false"]),
    "format": ("The answer's format; the request's without it.", ["swagger", "table"]),
    "device": ("What the script printed and drew, as one more output.", ["true", "false"]),
    "images": ("The pictures as a list, or as one below each other.", ["list", "concat"]),
}

STATUSES = {
    "400": "The request is at fault, or the script failed on it; `error` says which.",
    "408": "The script took longer than its limit.",
    "413": "A limit was exceeded, or the script wanted too much memory.",
    "503": "Too many scripts are running; try again after the seconds in Retry-After.",
}


def studio_documents(environ: Mapping[str, str], url: str = "") -> dict[str, dict[str, Any]]:
    """Return file name to document, for every version.

    Args:
        environ: the service's environment variables that name it.
        url: where the service is; empty when the documents are not bound to one place.
    """
    prefix = environ.get("SERVICE_PATH_PREFIX", "").strip("/")
    service = Service(
        title=environ.get("SERVICE_NAME", "Studio script"),
        version=environ.get("SERVICE_VERSION", "1.0"),
        prefix=f"/{prefix}" if prefix else "",
        request=_request(),
        answer=_answer(),
        request_example=None,  # the columns are the script's
        answer_example=None,
        url=url,
    )
    return {FILES[version]: _document(service, version) for version in VERSIONS}


def _request() -> Schema:
    one = {VARIANTS: [TABLE, ROWS], "description": "A table, or a list of rows."}
    return {
        "type": "object",
        "required": ["Inputs"],
        "additionalProperties": False,
        "properties": {
            "Inputs": {
                "type": "object",
                "title": "Inputs",
                "additionalProperties": False,
                "properties": dict.fromkeys(INPUTS, one),
            },
            "GlobalParameters": {"type": "object", "maxProperties": 0, NULLABLE: True},
        },
    }


def _answer() -> Schema:
    # In place of a second table there may be the device, whose name is the next.
    one = {VARIANTS: [RESULT, ROWS, DEVICE], "description": "A table, rows, or the device."}
    outputs = {"type": "object", "title": "Outputs", "properties": dict.fromkeys(OUTPUTS, one)}
    return {"type": "object", "required": ["Results"], "properties": {"Results": outputs}}


def _document(service: Service, version: str) -> dict[str, Any]:
    content = document(service, version)
    post = content["paths"][f"{service.prefix}/score"]["post"]
    post["summary"], post["description"] = "Call the script", TEXT
    post["responses"].update(
        {
            status: {**post["responses"]["400"], "description": text}
            for status, text in STATUSES.items()
        }
    )
    # Any content type will do: the body is JSON whatever it is called.
    post["responses"]["415"]["description"] = "The body is compressed."
    query = [_parameter(name, text, values, version) for name, (text, values) in QUERY.items()]
    post["parameters"] = [*post.get("parameters", []), *query]
    named = content["definitions"] if version == "2" else content["components"]["schemas"]
    for name in ("ServiceInput", "ServiceOutput"):
        named[name].pop("example", None)
    named["ErrorResponse"] = ERROR
    named.pop("FieldError", None)  # of the errors that other doors answer
    return content


def _parameter(name: str, text: str, values: list[str], version: str) -> dict[str, Any]:
    schema: Schema = {"type": "string", "enum": values}
    rest = schema if version == "2" else {"schema": schema}
    return {"name": name, "in": "query", "required": False, "description": text, **rest}
