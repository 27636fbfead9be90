"""The programs that the browser page makes of its table, run as they stand."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, expect
from sklearn.datasets import load_iris

from deploy.cli.page import link
from deploy.servers.azmlinfsrv import Server

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.needs("npm")]


IRIS: pd.DataFrame = load_iris(as_frame=True).data


@pytest.fixture(scope="module")
def programs(
    browser: Browser, address: str, service: Server, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """What the page makes of two rows, by language."""
    path = tmp_path_factory.mktemp("rows") / "iris.csv"
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(link(address, service, service))
        page.get_by_role("button", name="Load the form").click()
        expect(page.locator("#grid tbody tr")).to_have_count(1)
        path.write_text(IRIS.iloc[[0, 149]].to_csv(index=False))
        page.locator("#sheet-file").set_input_files(path)
        expect(page.locator("#grid tbody tr")).to_have_count(2)
        page.get_by_text("As a program").click()
        found = {}
        for language in ("curl", "Python", "TypeScript", "C#", "Power Query"):
            page.get_by_label("Language").select_option(language)
            found[language] = page.locator("#snippet").inner_text()
        return found


def answer_of(command: list[str | Path], folder: Path) -> str:
    run = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "SCORING_KEY": "k"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


EXPECTED = '["setosa", "virginica"]'


@pytest.mark.needs("curl")
def test_the_curl_command(programs: dict[str, str], tmp_path: Path) -> None:
    """The curl command, pasted into a shell, gets the answer."""
    assert EXPECTED in answer_of(["bash", "-c", programs["curl"]], tmp_path)


def test_the_python_program(programs: dict[str, str], tmp_path: Path) -> None:
    """The Python program gets the answer."""
    (tmp_path / "example.py").write_text(programs["Python"])
    said = answer_of([sys.executable, "example.py"], tmp_path)
    assert "['setosa', 'virginica']" in said


def test_the_typescript_program(programs: dict[str, str], root: Path, tmp_path: Path) -> None:
    """The TypeScript program passes the strict compiler, and gets the answer."""
    (tmp_path / "example.ts").write_text(programs["TypeScript"])
    modules = root / "tests" / "tools" / "node_modules"
    options = [
        "--strict",
        "--module",
        "nodenext",
        "--target",
        "es2022",
        "--types",
        "node",
        "--skipLibCheck",
    ]
    (tmp_path / "package.json").write_text('{"type": "module"}')
    roots = ["--typeRoots", str(modules / "@types")]
    answer_of([modules / ".bin" / "tsc", *options, *roots, "example.ts"], tmp_path)
    assert '["setosa","virginica"]' in answer_of(["node", "example.js"], tmp_path)


@pytest.mark.needs("mcs")
def test_the_csharp_program(programs: dict[str, str], tmp_path: Path) -> None:
    """The C# program compiles, and gets the answer."""
    (tmp_path / "Example.cs").write_text(programs["C#"])
    answer_of(["mcs", "Example.cs", "-r:System.Net.Http"], tmp_path)
    assert EXPECTED in answer_of(["mono", "Example.exe"], tmp_path)


def test_the_power_query(programs: dict[str, str], root: Path, tmp_path: Path) -> None:
    """Microsoft's own parser reads the Power Query without a fault.

    It is not run: nothing evaluates Power Query outside of Microsoft's products.
    """
    (tmp_path / "query.pq").write_text(programs["Power Query"])
    check = root / "tests" / "tools" / "check-m.js"
    (found,) = json.loads(answer_of(["node", check, tmp_path / "query.pq"], root))
    assert found["error"] is None
    texts = re.findall(r'^ {8}"(.*)",?$', programs["Power Query"], re.MULTILINE)
    body = json.loads("\n".join(text.replace('""', '"') for text in texts))
    assert body["Inputs"]["data"] == IRIS.iloc[[0, 149]].to_dict("records")
