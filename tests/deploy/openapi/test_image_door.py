"""The image door's Swagger: valid, served and true; generated clients are tested in clients/."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
import requests
from openapi_spec_validator import validate
from scoring.settings import Settings

from deploy.contract.static_files import hand_made
from deploy.openapi.image_door import DIGITS, declared, image_documents
from deploy.servers.azmlinfsrv import Server

VERSIONS = {"2": "swagger2.json", "3": "swagger3.json", "3.1": "swagger3.1.json"}


@pytest.fixture(scope="module")
def server(
    root: Path, digits_model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The image door in an app root of its own, with its documents beside it."""
    copy = tmp_path_factory.mktemp("app") / "score"
    shutil.copytree(root / "score", copy, ignore=shutil.ignore_patterns("__pycache__"))
    command = [
        sys.executable,
        "-m",
        "deploy",
        "swagger",
        "--entry",
        str(root / "score" / "image.py"),
    ]
    command += ["--model-dir", str(digits_model), "--out", str(copy)]
    subprocess.run(command, cwd=root, check=True)
    with Server(copy / "image.py", digits_model) as server:
        yield server


@pytest.mark.parametrize("version", VERSIONS)
def test_the_documents_are_valid_and_served(server: Server, version: str) -> None:
    """An independent validator accepts what the server serves, in every version."""
    answer = requests.get(f"{server.url}/swagger.json", params={"version": version}, timeout=60)
    assert answer.json() == image_documents({})[VERSIONS[version]]
    validate(answer.json())


def test_the_limit_is_the_services_own() -> None:
    """By itself the document has the service's own limit, and else the one it is set to."""
    for environ in ({}, {"SCORING_MAX_IMAGES": "3"}):
        post = image_documents(environ)["swagger3.json"]["paths"]["/score"]["post"]
        form = post["requestBody"]["content"]["multipart/form-data"]["schema"]
        assert form["properties"]["image"]["maxItems"] == Settings.from_environ(environ).max_images


def test_what_azures_server_is_told_is_in_the_documents() -> None:
    """Name, version and path prefix of the service are taken over, as for every other door."""
    environ = {"SERVICE_NAME": "Digits", "SERVICE_VERSION": "2", "SERVICE_PATH_PREFIX": "front/"}
    for content in image_documents(environ).values():
        assert (content["info"]["title"], content["info"]["version"]) == ("Digits", "2")
        assert list(content["paths"]) == ["/front/", "/front/score", "/front/swagger.json"]
        validate(content)


def test_the_answer_is_as_described(server: Server, digit_pictures: dict[int, Path]) -> None:
    """Live answers, for one picture and for several, match the declared schema."""
    components = image_documents({})["swagger3.1.json"]["components"]
    schema = {"$ref": "#/components/schemas/ServiceOutput", "components": components}
    for digits in ([3], [3, 5]):
        files = [("image", digit_pictures[digit].read_bytes()) for digit in digits]
        answer = requests.post(server.score_url, files=files, timeout=60)
        jsonschema.validate(answer.json(), schema)


CLASSES = {"labels": ["flower", "temple"], "pixels": {"width": 8, "height": 8}}
ANSWER = {"label": "temple", "probabilities": {"flower": 0.25, "temple": 0.75}}
SIZE = {"width": 3, "height": 4}


@pytest.mark.parametrize(
    ("declaration", "right", "wrong"),
    [
        (CLASSES, ANSWER, {**ANSWER, "label": "bird"}),
        ({**CLASSES, "labels": [3, 7]}, {"label": 7, "probabilities": {"3": 0, "7": 1}}, ANSWER),
        ({"pixels": {}}, ANSWER, {"label": "temple"}),
        ({"output": "values", "pixels": {}}, {"prediction": [0.5, 2]}, ANSWER),
    ],
    ids=["names", "numbers", "not named", "values"],
)
def test_another_models_documents_are_its_own(
    tmp_path: Path, declaration: dict[str, object], right: object, wrong: object
) -> None:
    """What lies beside the model tells classes, options and answer, valid in every version."""
    (tmp_path / "image_input.json").write_text(json.dumps(declaration))
    files = hand_made("image", {}, models=[tmp_path / "model.onnx"])
    for content in files.values():
        validate(content)
        assert "digit" not in json.dumps(content).lower()
    components = files["swagger3.1.json"]["components"]
    schema = {"$ref": "#/components/schemas/ServiceOutput", "components": components}
    jsonschema.validate({**right, **SIZE}, schema)  # type: ignore[dict-item]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**wrong, **SIZE}, schema)  # type: ignore[dict-item]


def test_options_are_the_declared_ones() -> None:
    """A request's options are those of the model; the sample's own declaration is the sample's."""
    options = {"light": ["day", "night"], "lens": ["wide"]}
    form = declared({**CLASSES, "prepare": "p.py", "options": options}).options_schema()
    assert {name: one["enum"] for name, one in form["properties"].items()} == options
    polarity = {"polarity": ["dark on light", "light on dark"]}
    assert declared({"labels": list(range(10)), "options": polarity}) is DIGITS
