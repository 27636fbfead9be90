"""The image door's Swagger: valid, served, and good for a generated client."""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
import requests
from openapi_spec_validator import validate

from deploy.image_swagger import image_documents
from deploy.server import Server
from deploy.swagger import write

VERSIONS = {"2": "swagger2.json", "3": "swagger3.json", "3.1": "swagger3.1.json"}


@pytest.fixture(scope="module")
def server(
    root: Path, digits_model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The image door in an app root of its own, with its documents beside it."""
    copy = tmp_path_factory.mktemp("app") / "score"
    shutil.copytree(root / "score", copy, ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run(
        [sys.executable, "-m", "deploy.image_swagger", "--out", str(copy)], cwd=root, check=True
    )
    with Server(copy / "image.py", digits_model) as server:
        yield server


@pytest.mark.parametrize("version", VERSIONS)
def test_the_documents_are_valid_and_served(server: Server, version: str) -> None:
    """An independent validator accepts what the server serves, in every version."""
    answer = requests.get(f"{server.url}/swagger.json", params={"version": version}, timeout=60)
    assert answer.json() == image_documents()[VERSIONS[version]]
    validate(answer.json())


def test_the_answer_is_as_described(server: Server, digit_pictures: dict[int, Path]) -> None:
    """Live answers, for one picture and for several, match the declared schema."""
    components = image_documents()["swagger3.1.json"]["components"]
    schema = {"$ref": "#/components/schemas/ServiceOutput", "components": components}
    for digits in ([3], [3, 5]):
        files = [("image", digit_pictures[digit].read_bytes()) for digit in digits]
        answer = requests.post(server.score_url, files=files, timeout=60)
        jsonschema.validate(answer.json(), schema)


@pytest.mark.parametrize("version", ["3", "3.1"])
def test_a_generated_client_uploads_a_real_file(
    server: Server, digit_pictures: dict[int, Path], tmp_path: Path, version: str
) -> None:
    """openapi-python-client makes a client that sends files and reads the answers."""
    content = requests.get(f"{server.url}/swagger.json?version={version}", timeout=60).json()
    # openapi-python-client 0.29.1 forgets an import where an operation has several kinds of
    # body, so it is shown the one that takes files.
    kinds = content["paths"]["/score"]["post"]["requestBody"]["content"]
    for kind in [*kinds]:
        if kind != "multipart/form-data":
            del kinds[kind]
    write({VERSIONS[version]: content}, tmp_path)
    name = f"digits_client_{version.replace('.', '_')}"
    command = [str(Path(sys.executable).with_name("openapi-python-client")), "generate"]
    command += ["--path", str(tmp_path / VERSIONS[version]), "--meta", "none"]
    config = Path(__file__).resolve().parents[2] / "clients" / "openapi-python-client.yml"
    command += ["--config", str(config), "--output-path", str(tmp_path / name)]
    subprocess.run(command, check=True, cwd=tmp_path)
    sys.path.insert(0, str(tmp_path))
    try:
        client = importlib.import_module(name)
        models = importlib.import_module(f"{name}.models")
        types = importlib.import_module(f"{name}.types")
        call = importlib.import_module(f"{name}.api.scoring.run_ml_service")
    finally:
        sys.path.remove(str(tmp_path))
    (body_class,) = (
        value
        for key, value in vars(models).items()
        if hasattr(value, "to_multipart") and key.lower().endswith("body")
    )
    with digit_pictures[4].open("rb") as four, digit_pictures[8].open("rb") as eight:
        body = body_class(
            image=[
                types.File(payload=four, file_name="four.jpg", mime_type="image/jpeg"),
                types.File(payload=eight, file_name="eight.png", mime_type="image/png"),
            ]
        )
        with client.Client(base_url=server.url) as http:
            answer = call.sync(client=http, body=body)
    assert [result.label for result in answer] == [4, 8]
