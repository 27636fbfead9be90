"""Target `local`, stopped at every stage by every signal: what ran goes on, nothing is left."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import requests
import tenacity

ROOT = Path(__file__).resolve().parents[3]

#: A door that needs nothing, so that a start takes no time.
TINY = """
def init():
    pass


def run(raw_data):
    return {"said": VERSION}
"""
CODES = {signal.SIGINT: {130}, signal.SIGTERM: {130}, signal.SIGKILL: {-signal.SIGKILL}}


@dataclass(frozen=True)
class Tiny:
    """A project that deploys in seconds."""

    root: Path

    def write(self, version: str, more: str = "") -> None:
        """Write the entry script."""
        text = f"VERSION = {version!r}\n{TINY}{more}"
        (self.root / "score" / "tiny.py").write_text(text)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a verb."""
        environ = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(self.root / "tmp")}
        return subprocess.Popen(
            [sys.executable, "-m", "deploy", *arguments, "--target", "local", "--json"],
            cwd=self.root,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> tuple[int, dict[str, object]]:
        """Run a verb; return its exit code and its JSON."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        assert "Traceback" not in err
        return process.returncode, json.loads(out)

    def up(self, *arguments: str) -> tuple[int, dict[str, object]]:
        """Deploy."""
        options = ("--name", "tiny", "--sample", "sample.json", "--model", "tiny=model.txt")
        return self.run("up", *options, *arguments)

    def servers(self) -> set[int]:
        """Return the process groups of what runs in this project's folders."""
        found = set()
        for process in psutil.process_iter():
            with suppress(psutil.Error, OSError):
                if process.status() != psutil.STATUS_ZOMBIE and self.holds(process.cwd()):
                    found.add(os.getpgid(process.pid))
        return found

    def holds(self, folder: str) -> bool:
        """Tell whether a folder is below the project's own."""
        return Path(folder) != self.root and Path(folder).is_relative_to(self.root)


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Tiny]:
    """The project; what it started is stopped."""
    (tmp_path / "score").mkdir()
    (tmp_path / "tmp").mkdir()
    (tmp_path / "sample.json").write_text("{}")
    (tmp_path / "model.txt").write_text("a model")
    (tmp_path / "inference_config.yml").write_text(
        "entryScript: tiny.py\nsourceDirectory: score\nruntime: python\ncondaFile: ../env.yml\n"
    )
    shutil.copy(ROOT / "env.yml", tmp_path)
    project = Tiny(tmp_path)
    project.write("one")
    yield project
    project.run("delete", "--name", "tiny", "--yes")


def only(project: Tiny, group: int) -> None:
    """Wait until nothing runs but one server; what is asked to end may take a moment."""
    for attempt in tenacity.Retrying(
        stop=tenacity.stop_after_delay(60), wait=tenacity.wait_fixed(0.2), reraise=True
    ):
        with attempt:
            assert project.servers() == {group}


def said(url: object) -> str:
    return str(requests.post(str(url), json={}, timeout=60).json()["said"])


def test_whatever_stops_it_the_service_goes_on(tiny: Tiny) -> None:
    """Three signals at three stages: the old service answers, nothing else runs, `up` ends well."""
    code, told = tiny.up()
    assert code == 0, told
    service = told["result"]
    assert isinstance(service, dict)
    url, group = service["scoring_uri"], service["details"]["pid"]
    tiny.write("two")
    for number, codes in CODES.items():
        for stage in ("Checking", "Starting"):
            process = tiny.start("up", "--name", "tiny", "--sample", "sample.json",
                                 "--model", "tiny=model.txt")  # fmt: skip
            assert process.stderr is not None
            assert any(line.startswith(stage) for line in process.stderr)
            process.send_signal(number)
            process.communicate(timeout=120)
            assert process.returncode in codes
            only(tiny, group)
            assert said(url) == "one"
    code, told = tiny.up()
    assert code == 0, told
    service = told["result"]
    assert isinstance(service, dict)
    assert (service["scoring_uri"], said(url)) == (url, "two")
    only(tiny, service["details"]["pid"])
    assert len(list((tiny.root / "build/deploy/local/tiny").glob("run-*"))) == 1


def test_what_cannot_start_leaves_what_runs(tiny: Tiny) -> None:
    """A taken port, a script that fails only there, a broken state: the old service is kept."""
    _, told = tiny.up()
    service = told["result"]
    assert isinstance(service, dict)
    url, group = service["scoring_uri"], service["details"]["pid"]
    with socket.create_server(("127.0.0.1", 0)) as other:
        code, told = tiny.up("--port", str(other.getsockname()[1]))
        assert (code, "goes on as it is" in str(told["error"])) == (2, True)
    fails = "import os\nassert '/build/' not in os.environ['AML_APP_ROOT'], 'not here'\n"
    tiny.write("two", fails)
    code, told = tiny.up()
    assert (code, "from before goes on" in str(told["error"])) == (1, True)
    assert "AssertionError: not here" in str(told["error"])
    only(tiny, group)
    assert said(url) == "one"
    tiny.write("three")
    (tiny.root / "build/deploy/local/tiny/state.json").write_text("{half")
    code, told = tiny.run("status", "--name", "tiny")
    assert code == 4
    code, told = tiny.up()
    assert code == 0, told
    service = told["result"]
    assert isinstance(service, dict)
    assert said(service["scoring_uri"]) == "three"
    only(tiny, service["details"]["pid"])
