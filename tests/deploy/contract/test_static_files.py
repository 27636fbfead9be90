"""Doors described by hand publish what was written, wherever the server lets them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from openapi_spec_validator import validate

from deploy.contract.static_files import app_root
from deploy.openapi.document import FILES
from deploy.openapi.image_door import image_documents
from deploy.servers.azmlinfsrv import Server
from deploy.smoke.sample import find_sample, swagger_of
from tests.deploy.conftest import Ended, Project, run


@pytest.fixture
def pictures(project: Project, digits_model: Path) -> Iterator[Project]:
    """A project with the image door's model, whose local services are stopped at the end."""
    shutil.copytree(digits_model, project.root / "models" / "digits" / "1")
    yield project
    for state in project.root.glob("build/deploy/local/*/state.json"):
        run("delete", "--target", "local", "--name", state.parent.name, "--yes")


def up(*options: str) -> Ended:
    door = ("--entry", "score/image.py", "--model", "digits=models/digits/1")
    return run("up", "--target", "local", "--json", *door, *options)


def published(url: str) -> dict[str, object]:
    """Return what a service says of itself, by version."""
    answers = {
        version: requests.get(f"{url}/swagger.json", params={"version": version}, timeout=60)
        for version in FILES
    }
    return {FILES[version]: answer.json() for version, answer in answers.items()}


def test_an_online_endpoint_serves_the_image_doors_swagger(pictures: Project) -> None:
    """Deployed in the v2 layout the door publishes its documents, and answers their example."""
    ended = up("--layout", "v2")
    assert ended.code == 0, ended.err
    assert ended.document["smoke"]["answer"]["label"] == 4
    documents = published(ended.document["scoring_uri"].removesuffix("/score"))
    assert documents == image_documents({})
    for document in documents.values():
        validate(document)  # type: ignore[arg-type]
    assert not list((pictures.root / "score").glob("swagger*"))


@pytest.mark.usefixtures("pictures")
def test_what_is_added_is_shown() -> None:
    """The list of files has the documents in v2; in v1, which would not serve them, a notice."""
    assert {f"swagger{version}.json" for version in FILES} <= up(
        "--layout", "v2", "--dry-run"
    ).document["files"].keys()
    ended = up("--layout", "v1", "--dry-run")
    assert not [name for name in ended.document["files"] if name.startswith("swagger")]
    assert "cannot publish this door's own Swagger" in ended.err


def test_the_deployers_own_document_stays(pictures: Project) -> None:
    """A Swagger file that lies beside the entry script is not replaced."""
    pictures.write("score/swagger.json", '{"swagger": "2.0"}')
    files = up("--layout", "v2", "--dry-run").document["files"]
    assert [name for name in files if name.startswith("swagger")] == ["swagger.json"]


def test_make_serve_publishes_it_and_prints_a_picture(root: Path, digits_model: Path) -> None:
    """Served from where it lies, the door publishes its documents; their example is a digit."""
    entry = root / "score" / "image.py"
    with (
        app_root(entry, {}) as place,
        Server(entry, digits_model, app_root=place.folder, environ=place.environ) as server,
    ):
        assert published(server.url) == image_documents({})
        sample = find_sample(entry, swagger_of(server.url), None)
        assert len(sample.curl(server.score_url, key=False)) < 300
        assert sample.send(server.score_url).json()["label"] == 4


def test_other_doors_are_served_as_they_lie(root: Path) -> None:
    """A door with a schema needs no file of ours."""
    with app_root(root / "score" / "score.py", {}) as place:
        assert (place.folder, place.environ) == (None, {})
