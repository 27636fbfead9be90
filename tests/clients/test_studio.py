"""The clients of the old format: Python against the real service, M by Microsoft's parser."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.servers.azmlinfsrv import Server

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = ROOT / "clients" / "studio"


@pytest.fixture(scope="module")
def server(start_server: Callable[..., Server]) -> Server:
    """The samples of the old service's help page."""
    return start_server(ROOT / "score" / "studio.py", ROOT / "tests" / "data" / "studio" / "sample")


def score(server: Server, file: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(CLIENTS / "score.py"), server.score_url, str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_python_scores_a_csv(server: Server, tmp_path: Path) -> None:
    """Names and rows in, names and rows out; a quoted comma and a letter beyond ASCII survive."""
    file = tmp_path / "data.csv"
    file.write_text('surface,place\n100,"Köln, Süd"\n', encoding="utf-8")
    done = score(server, file)
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert first == "surface,place,Scored Labels"
    assert second == '100,"Köln, Süd",100749.893789066'


def test_python_shows_a_refusal(server: Server, tmp_path: Path) -> None:
    """In the service's words, with a failing exit code."""
    file = tmp_path / "data.csv"
    file.write_text("a,a\n1,2\n")
    done = score(server, file)
    assert done.returncode == 1
    assert "InputParseError" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.needs("node")
def test_power_query_is_m() -> None:
    """Microsoft's own parser reads it; no M is run here, as there is no engine to run it."""
    command = ["node", str(ROOT / "tests" / "tools" / "check-m.js"), str(CLIENTS / "Score.pq")]
    (found,) = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert found["error"] is None
    assert found["formatted"] == (CLIENTS / "Score.pq").read_text()


def test_power_query_speaks_the_services_words() -> None:
    """Its query and names are those that the service reads."""
    from studio_runtime.config import CLASSIC
    from studio_runtime.request import QUERY

    text = (CLIENTS / "Score.pq").read_text()
    query = dict(
        re.findall(r'#?"?([\w-]+)"? = "([\w.]+)"', text.partition("Query = [")[2].partition("]")[0])
    )
    assert query == {"api-version": "2.0", "details": "true"}
    assert all(value in QUERY[name] for name, value in query.items())
    assert CLASSIC.inputs[0] in text
    assert CLASSIC.outputs[0] in text
