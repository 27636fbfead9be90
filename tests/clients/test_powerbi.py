"""Power BI's function: its M by Microsoft's parser, its requests by a model in Python."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import joblib
import pandas as pd
import pytest
from scoring_client import ScoringClient
from sklearn.datasets import load_diabetes, load_iris

from deploy.servers.azmlinfsrv import Server
from tests.clients.hostile import HostileServer, html_page, status
from tests.clients.powerbi_model import ScoreTable

FEATURES: pd.DataFrame = load_diabetes(as_frame=True).data
ROWS: list[dict[str, Any]] = [
    {str(k): v for k, v in r.items()} for r in FEATURES.to_dict("records")
]


@pytest.fixture(scope="session")
def folder(root: Path) -> Path:
    return root / "clients" / "powerbi"


def checked(root: Path, *files: Path) -> list[dict[str, Any]]:
    run = subprocess.run(
        ["node", root / "tests" / "tools" / "check-m.js", *files],
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[dict[str, Any]] = json.loads(run.stdout)
    return found


@pytest.mark.needs("npm")
def test_the_m_is_valid_and_in_order(root: Path, folder: Path) -> None:
    """Microsoft's parser accepts each file, and its formatter would change nothing."""
    files = sorted(folder.glob("*.pq"))
    assert len(files) == 4
    for found in checked(root, *files):
        assert found["error"] is None, found["path"]
        assert found["formatted"] == Path(found["path"]).read_text(), found["path"]


@pytest.mark.needs("npm")
def test_the_readmes_query(root: Path, folder: Path, tmp_path: Path) -> None:
    """The query that keeps an ID column, in the README, is M in good order."""
    (query,) = re.findall(r"```m\n(.*?)```", (folder / "README.md").read_text(), re.DOTALL)
    file = tmp_path / "query.pq"
    file.write_text(query)
    (found,) = checked(root, file)
    assert (found["error"], found["formatted"]) == (None, query)


@pytest.mark.needs("npm")
def test_the_parser_sees_faults(root: Path, folder: Path, tmp_path: Path) -> None:
    """The check would notice: a file with a bracket taken away is refused."""
    broken = tmp_path / "broken.pq"
    broken.write_text((folder / "ScoreTable.pq").read_text().replace("Binary.Buffer(", "", 1))
    assert checked(root, broken)[0]["error"]


def test_the_template_is_the_contracts_request(root: Path, folder: Path) -> None:
    """The template's columns and row are those of the contract's sample request."""
    text = (folder / "Template.pq").read_text()
    request = json.loads((root / "clients" / "contract" / "score" / "request.json").read_text())
    row = request["Inputs"]["data"][0]
    assert re.findall(r"(\w+) = number", text) == list(row)
    assert [float(n) for n in re.findall(r"(-?\d+\.\d+)", text)] == list(row.values())


def test_the_address_is_fixed(folder: Path) -> None:
    """Scheduled refresh works: Web.Contents gets the parameter itself, and a relative path."""
    text = (folder / "ScoreTable.pq").read_text()
    assert re.findall(r"Web\.Contents\(\s*(\w+),", text) == ["ServiceRoot"]


@pytest.mark.parametrize(("rows", "batch", "requests"), [(0, 50, 0), (1, 50, 1), (442, 50, 9)])
def test_a_table_is_scored(
    score_server: Server, folder: Path, sample_model: Path, rows: int, batch: int, requests: int
) -> None:
    """Each row gets its own prediction, in batches of the size asked for."""
    table = ScoreTable(folder / "ScoreTable.pq", score_server.url)
    scored = table(ROWS[:rows], batch_rows=batch)
    assert len(table.requests) == requests
    if rows:
        expected = joblib.load(sample_model / "model.joblib").predict(FEATURES.head(rows))
        assert [row["Results"] for row in scored] == pytest.approx(expected, rel=1e-12)
    assert [row["Scoring error"] for row in scored] == [None] * rows


def test_a_refused_batch_says_why(score_server: Server, folder: Path) -> None:
    """A batch that is refused carries the service's message; the others are scored."""
    rows = [dict(row) for row in ROWS[:30]]
    rows[15]["bmi"] = "abc"
    scored = ScoreTable(folder / "ScoreTable.pq", score_server.url)(rows, batch_rows=10)
    assert [row["Results"] is None for row in scored] == [False] * 10 + [True] * 10 + [False] * 10
    problems = {row["Scoring error"] for row in scored}
    (problem,) = problems - {None}
    assert problem.startswith("HTTP 400: 1 problem in ")


def test_a_column_per_class(start_server: Any, root: Path, iris_model: Path, folder: Path) -> None:
    """predict_proba gives one column per class."""
    server = start_server(root / "score" / "classifier.py", iris_model)
    with ScoringClient(server.score_url) as client:
        names = list(client.columns())
    rows = load_iris(as_frame=True).data.set_axis(names, axis=1).head(3).to_dict("records")
    table = ScoreTable(folder / "ScoreTable.pq", server.url)
    scored = table([{str(k): v for k, v in row.items()} for row in rows], "predict_proba")
    columns = [name for name in scored[0] if name.startswith("Results.")]
    assert len(columns) == 3
    assert all(sum(row[name] for name in columns) == pytest.approx(1) for row in scored)


def test_key_and_what_is_no_json(folder: Path) -> None:
    """The key goes into the header; a page instead of JSON is a problem, not a crash."""
    with HostileServer(status(401), html_page(502), status(200, {"Results": []})) as server:
        table = ScoreTable(folder / "ScoreTable.pq", server.uri.removesuffix("/score"), "k")
        problems = [table(ROWS[:1])[0]["Scoring error"] for _ in range(3)]
        assert server.exchanges[0].headers["authorization"] == "Bearer k"
    assert problems == [
        "HTTP 401: this is a 401",
        "HTTP 502: no message",
        "The answer has not one result per row.",
    ]
