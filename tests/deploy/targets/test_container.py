"""Target `container`: a real image, built and run by podman on a base of Debian's own packages.

Slow: `make test-container` runs it and CI does, `make test` on your machine leaves it out.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import joblib
import pytest
import requests
from sklearn.datasets import load_diabetes

from tests.deploy.conftest import Operator, Project, follow_log, run
from tests.fakes.azure import Azure

BASE = "localhost/scoring-test-base:latest"
NAME = "diabetes-container-test"
ENGINE = """
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1000:1000"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
"""
pytestmark = [pytest.mark.container, pytest.mark.needs("podman")]


def test_a_dry_run_shows_both_commands(project: Project, tmp_path: Path,
                                       monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """`--dry-run` prints the build and the run command and starts nothing."""
    monkeypatch.setenv("CONTAINER_ENGINE", "podman")
    monkeypatch.setenv("CONTAINERS_CONF", str(_engine(tmp_path)))
    project.edit("inference_config.yml", "runtime:", f"baseImage: {BASE}\nruntime:")
    ended = run("up", "--target", "container", "--dry-run", "--port", "5999", "--json")
    assert ended.code == 0, ended.err
    build, start = ended.document["build"], ended.document["run"]
    assert f"BASE_IMAGE={BASE}" in build
    assert {"--read-only", "PORT=5999"} <= set(start)


@pytest.fixture
def builder(tmp_path: Path, project: Project) -> Iterator[Operator]:
    """An operator with podman, a base image and the network that this machine's builds need."""
    environ = {
        "CONTAINER_ENGINE": "podman",
        "CONTAINERS_CONF": str(_engine(tmp_path)),
        "CONTAINER_BUILD_OPTIONS": "--isolation chroot --network host "
        "--volume /etc/ssl/certs:/etc/ssl/certs:ro --volume /etc/resolv.conf:/etc/resolv.conf:ro",
        "CONTAINER_RUN_OPTIONS": "--network host",
    }
    if "PIP_INDEX_URL" in os.environ:
        (tmp_path / "pip.conf").write_text(f"[global]\nindex-url={os.environ['PIP_INDEX_URL']}\n")
        environ["CONTAINER_PIP_CONFIG"] = str(tmp_path / "pip.conf")
    _base_image(tmp_path, environ)
    project.edit("inference_config.yml", "runtime:", f"baseImage: {BASE}\nruntime:")
    with Azure(tmp_path) as unused:
        operator = Machine(unused, project, environ)
        yield operator
        operator.run("delete", "--target", "container", "--name", NAME, "--yes")


class Machine(Operator):
    """An operator without Azure, in an environment of its own."""

    def __init__(self, azure: Azure, project: Project, environ: dict[str, str]) -> None:
        super().__init__(azure, project)
        object.__setattr__(self, "_environ", environ)

    def environ(self) -> dict[str, str]:
        """Return the environment with the container engine's settings."""
        own: dict[str, str] = self._environ  # type: ignore[attr-defined]
        return {**os.environ, **own, "PYTHONPATH": str(Path(__file__).resolve().parents[3])}


@pytest.mark.needs("debootstrap")
@pytest.mark.timeout(900)
def test_the_image_is_built_scored_and_rebuilt(builder: Operator, sample_model: Path) -> None:
    """The container scores as the model does, cannot be written to, and keeps its packages."""
    options = ("--target", "container", "--name", NAME)
    first = builder.run("up", *options, "--json")
    assert first.code == 0, first.err
    rows = load_diabetes(as_frame=True).data.head(5)
    uri = first.document["scoring_uri"]
    answer = requests.post(uri, json={"Inputs": {"data": rows.to_dict("records")}}, timeout=60)
    predicted = joblib.load(sample_model / "model.joblib").predict(rows).tolist()
    assert answer.json()["Results"] == pytest.approx(predicted)

    inspected = json.loads(_podman(builder, "container", "inspect", NAME))[0]
    assert inspected["Config"]["User"] == "10001"
    assert inspected["HostConfig"]["ReadonlyRootfs"] is True
    _podman(builder, "healthcheck", "run", NAME)
    layers = _layers(builder)

    builder.project.edit("score/score.py", '"""The tabular door', '"""My tabular door')
    second = builder.run("up", *options, "--json")
    assert second.code == 0, second.err
    assert second.document["scoring_uri"] == uri
    changed = _layers(builder)
    assert changed != layers
    # Base, requirements.txt, packages, user, folder, models: only what follows is built again.
    assert changed[: len(layers) - 2] == layers[: len(layers) - 2]
    follow_log(builder, uri, *options)
    for verb in ("status", "list", "smoke", "keys"):
        named = options if verb != "list" else options[:2]
        assert builder.run(verb, *named).code == 0, verb
    assert builder.run("delete", *options, "--yes").code == 0
    assert builder.run("status", *options).code == 4


def _layers(builder: Operator) -> list[str]:
    image = json.loads(_podman(builder, "image", "inspect", f"scoring-{NAME}:latest"))[0]
    layers: list[str] = image["RootFS"]["Layers"]
    return layers


def _podman(builder: Operator, *arguments: str) -> str:
    command = ["podman", *arguments]
    return subprocess.run(
        command, env=builder.environ(), capture_output=True, text=True, check=True
    ).stdout


def _engine(folder: Path) -> Path:
    (folder / "containers.conf").write_text(ENGINE)
    return folder / "containers.conf"


def _base_image(folder: Path, environ: dict[str, str]) -> None:
    """Make the base image of Debian's packages, unless it is there."""
    env = {**os.environ, **environ}
    if not subprocess.run(["podman", "image", "exists", BASE], env=env, check=False).returncode:
        return
    root = folder / "root"
    packages = "--include=python3,python3-venv,ca-certificates"
    command = ["debootstrap", "--variant=minbase", packages, "bookworm", str(root)]
    subprocess.run(command, check=True, capture_output=True)
    with subprocess.Popen(["tar", "-C", str(root), "-c", "."], stdout=subprocess.PIPE) as tar:
        subprocess.run(["podman", "import", "-", BASE], stdin=tar.stdout, env=env, check=True)
