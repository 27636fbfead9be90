"""The Studio door's Swagger: valid, and true of real requests and answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from openapi_spec_validator import validate
from studio_runtime.request import QUERY as SERVED

from deploy.openapi.document import FILES, VERSIONS
from deploy.openapi.studio_door import QUERY, studio_documents

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = sorted(path.parent for path in (ROOT / "examples" / "studio").glob("*/request.json"))


@pytest.mark.parametrize("version", VERSIONS)
def test_the_documents_are_valid(version: str) -> None:
    """By an independent validator, in every version; the service's own name is taken over."""
    named = {"SERVICE_NAME": "Mine", "SERVICE_PATH_PREFIX": "/p/"}
    document = studio_documents(named)[FILES[version]]
    validate(document)
    assert document["info"]["title"] == "Mine"
    assert "/p/score" in document["paths"]


def test_the_query_is_the_services() -> None:
    """Names and values alike."""
    described = {name: tuple(values) for name, (_, values) in QUERY.items()}
    assert {name: set(values) for name, values in described.items()} == {
        name: set(values) for name, values in SERVED.items()
    }


def fits(value: Any, name: str) -> bool:
    document = studio_documents({})["swagger3.1.json"]
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    return bool(jsonschema.Draft202012Validator(schema).is_valid(value))


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_requests_and_answers_fit(folder: Path) -> None:
    """What the examples send and get is what the document describes; other things are not."""
    request = json.loads((folder / "request.json").read_text())
    assert fits(request, "ServiceInput")
    assert fits(json.loads((folder / "answer.json").read_text()), "ServiceOutput")
    assert not fits({"Inputs": {"data": []}}, "ServiceInput")
    assert not fits({"Inputs": {"input1": {"ColumnNames": ["a"]}}}, "ServiceInput")
    assert not fits({"Results": {"output1": {"type": "table"}}}, "ServiceOutput")
