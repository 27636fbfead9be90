"""What the command `score` does with each row: bad ones set aside, none lost or shifted."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from scoring_client import cli

from deploy.servers.azmlinfsrv import Server
from tests.clients.hostile import HostileServer, status
from tests.clients.python.command import FEATURES, ROWS, score, write_rows

pytestmark = pytest.mark.usefixtures("quick")


def test_rows_at_fault_are_set_aside(
    score_server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rows that the service refuses go to a file of their own, the rest is scored."""
    frame = FEATURES.head(60).astype({"bmi": object})
    frame.loc[[2, 33, 34], "bmi"] = "abc"
    frame.to_csv("in.csv", index=False)
    assert score("--uri", score_server.score_url, "--in", "in.csv", "--chunk", "30") == 1
    assert "Row 33 (line 35): Inputs.data[33].bmi: expected number" in capsys.readouterr().err
    out = pd.read_csv("out.csv")
    left = frame.drop([2, 33, 34])["age"].tolist()
    # pandas' default reading is not exact.
    assert out["age"].tolist() == pytest.approx(left, rel=1e-12)
    failed = pd.read_csv("out.failed.csv", dtype=str)
    assert failed["bmi"].tolist() == ["abc"] * 3
    assert failed["line (score)"].tolist() == ["4", "35", "36"]
    assert failed["error (score)"].str.contains("expected number").all()


def test_mend_and_score_again(score_server: Server) -> None:
    """As the page says: the failed file, mended, is scored like any other."""
    frame = FEATURES.head(6).astype({"bmi": object})
    frame.loc[2, "bmi"] = "abc"
    frame.to_csv("in.csv", index=False)
    assert score("--uri", score_server.score_url, "--in", "in.csv") == 1
    failed = Path("out.failed.csv")
    failed.write_text(failed.read_text().replace("abc", str(FEATURES["bmi"][2]), 1))
    command = ["--uri", score_server.score_url, "--in", str(failed), "--out", "rest.csv"]
    assert cli.main(command) == 0
    rest = pd.read_csv("rest.csv")
    assert list(rest.columns) == [*FEATURES.columns, "Results"]
    FEATURES.to_csv("good.csv", index=False)
    assert cli.main([*command[:3], "good.csv", "--out", "all.csv"]) == 0
    # One row alone and one among many: the sums' last bits may differ.
    assert rest["Results"][0] == pytest.approx(pd.read_csv("all.csv")["Results"][2], rel=1e-12)


def test_a_value_that_json_has_not() -> None:
    """A row that cannot be sent is set aside like one that is refused; the others are scored."""
    Path("in.jsonl").write_text('{"x": 1}\n{"x": Infinity}\n{"x": 3}\n')
    with HostileServer(status(404)) as server:
        assert cli.main(["--uri", server.uri, "--in", "in.jsonl", "--out", "out.jsonl"]) == 1
    scored = [json.loads(line)["Results"] for line in Path("out.jsonl").read_text().splitlines()]
    assert scored == [2, 6]
    failed = json.loads(Path("out.failed.jsonl").read_text(), parse_constant=pytest.fail)
    assert failed == {
        "x": "Infinity",
        "row (score)": 1,
        "error (score)": "row 1: A number is infinite, which JSON cannot say.",
    }


@pytest.mark.parametrize("out", ["o.csv", "o.jsonl"])
def test_every_value_is_repeated(out: str) -> None:
    """What the service refuses or JSON has not is written beside the results all the same."""
    times = pd.to_datetime(["2024-01-02", "2024-01-03"])
    pd.DataFrame({"x": [1.0, float("inf")], "begins": times}).to_parquet("in.parquet")
    with HostileServer(status(404)) as server:
        command = ["--uri", server.uri, "--in", "in.parquet", "--out", out, "--chunk", "1"]
        assert cli.main(command) == 1
    assert "2024-01-02" in Path(out).read_text()
    assert "2024-01-03" in Path(out.replace("o.", "o.failed.")).read_text()


def test_text_stays_text() -> None:
    """A column that the service calls text is read as text: 007, NA and empty cells stay."""
    Path("in.csv").write_text("code,x\n007,1\nNA,\n,3\n")
    columns = {"code": {"type": "string"}, "x": {"type": "number"}}
    data = {"type": "array", "items": {"type": "object", "properties": columns}}
    inputs = {"type": "object", "properties": {"data": data}}
    swagger = {"definitions": {"ServiceInput": {"properties": {"Inputs": inputs}}}}
    with HostileServer(status(200, swagger), status(200, {"Results": [1, 2, 3]})) as server:
        assert score("--uri", server.uri, "--in", "in.csv") == 0
        rows = json.loads(server.exchanges[1].body)["Inputs"]["data"]
    assert rows == [
        {"code": "007", "x": 1.0},
        {"code": "NA", "x": None},
        {"code": "", "x": 3.0},
    ]


def test_records_become_columns_beside_the_input() -> None:
    """A prediction of several values becomes several columns; the input's names stay."""
    write_rows([{"x": 1}])
    answer = {"Results": [{"x": 5, "p": {"no": 0.25, "yes": 0.75}}]}
    with HostileServer(status(404), status(200, answer)) as server:
        assert score("--uri", server.uri, "--in", "in.csv", "--set", "method=predict_proba") == 0
        assert json.loads(server.exchanges[1].body)["GlobalParameters"] == {
            "method": "predict_proba"
        }
    assert Path("out.csv").read_text().splitlines() == [
        "x,x (predicted),p.no,p.yes",
        "1,5,0.25,0.75",
    ]


def test_a_file_as_people_have_it(score_server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    """Semicolons, decimal commas, odd rows: said in one line, scored, the odd rows kept whole."""
    frame = FEATURES.head(5)
    text = frame.to_csv(sep=";", decimal=",", index=False)
    lines = text.splitlines()
    lines[2] += ";9"
    lines[4] = lines[4].rpartition(";")[0]
    Path("in.csv").write_bytes("\r\n".join(lines).encode("utf-8-sig"))
    assert score("--uri", score_server.url, "--in", "in.csv") == 1
    said = capsys.readouterr()
    assert said.out == (
        "in.csv: ; separated, decimal comma, 10 columns, 5 rows, utf-8-sig, "
        "without fitting the header: 2 rows (line 3, 5)\n"
    )
    assert "Row 1 (line 3): 11 fields for the header's 10 columns" in said.err
    assert len(pd.read_csv("out.csv")) == 3
    failed = pd.read_csv("out.failed.csv", sep=";", dtype=str, encoding="utf-8-sig")
    assert failed.iloc[0, :10].tolist() == lines[2].split(";")[:10]
    assert failed["fields (score)"].tolist() == [
        '11 for 10 columns; the rest: ["9"]',
        "9 for 10 columns",
    ]
    # Unmended they are not scored, not even where a missing value would do.
    again = ["--uri", score_server.url, "--in", "out.failed.csv", "--out", "rest.csv"]
    assert cli.main(again) == 1
    assert "No row is scored" in capsys.readouterr().err
    failed.loc[1, "s6"] = text.splitlines()[4].rpartition(";")[2]
    failed["fields (score)"] = ""
    failed.to_csv("out.failed.csv", sep=";", index=False)
    Path("rest.failed.csv").unlink()
    assert cli.main(again) == 0
    rest = pd.read_csv("rest.csv")
    expected = FEATURES.iloc[[1, 3]].reset_index(drop=True)
    pd.testing.assert_frame_equal(rest[FEATURES.columns], expected, rtol=1e-12)


def test_infinities_make_valid_lines() -> None:
    """What JSON has no number for is null or a word, so that every line can be read."""
    write_rows([{"x": 1}, {"x": 2}, {"x": 3}])
    answer = b'{"Results": [NaN, Infinity, {"p": -Infinity}]}'
    with HostileServer(status(404), lambda e: e.answer(200, answer)) as server:
        assert cli.main(["--uri", server.uri, "--in", "in.csv", "--out", "o.jsonl"]) == 0
    lines = Path("o.jsonl").read_text().splitlines()
    assert [json.loads(line, parse_constant=pytest.fail) for line in lines] == [
        {"x": 1, "Results": None},
        {"x": 2, "Results": "Infinity"},
        {"x": 3, "p": "-Infinity"},
    ]


FORMULAS = ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\tx", "\uff1d1", "-1", "fine", -1.5]


@pytest.mark.parametrize("keep", [False, True])
def test_formulas_of_the_service(keep: bool) -> None:
    """Text of the service that a spreadsheet would run gets an apostrophe, unless asked not to."""
    write_rows([{"x": "=A1"}] * len(FORMULAS))
    with HostileServer(status(404), status(200, {"Results": FORMULAS})) as server:
        options = ["--keep-formulas"] if keep else []
        assert score("--uri", server.uri, "--in", "in.csv", *options) == 0
    with Path("out.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    mark = "" if keep else "'"
    expected = [f"{mark}{text}" for text in FORMULAS[:6]] + ["-1", "fine", "-1.5"]
    assert [row["Results"] for row in rows] == expected
    # The input is the caller's own, and stays as it is.
    assert {row["x"] for row in rows} == {"=A1"}


@pytest.mark.parametrize(
    ("result", "name"),
    [
        (5, "Results (predicted) (predicted)"),
        ({"p": {"no": 5}}, "p.no (predicted)"),
    ],
    ids=["a value", "a record"],
)
def test_names_of_results_that_the_input_has(result: Any, name: str) -> None:
    """No column of the input is written over, however its columns are called."""
    write_rows([{"Results": 1, "Results (predicted)": 2, "p.no": 3}])
    with HostileServer(status(404), status(200, {"Results": [result]})) as server:
        assert score("--uri", server.uri, "--in", "in.csv") == 0
    assert Path("out.csv").read_text().splitlines() == [
        f"Results,Results (predicted),p.no,{name}",
        "1,2,3,5",
    ]


def test_what_a_service_says_is_one_short_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Escape sequences, line ends and marks of writing direction never reach the terminal."""
    write_rows(ROWS[:1])
    evil = "\x1b[2J\x1b]0;title\x07 gone\r\nscore: fine\u202e" + "x" * 100_000
    fault = {"where": "Inputs.data[0].x\x1b[1A", "expected": evil, "found": evil}
    body = {"message": evil, "errors": [fault], "request_id": evil}
    with HostileServer(status(404), status(400, body)) as server:
        assert score("--uri", server.uri, "--in", "in.csv") == 1
    said = capsys.readouterr()
    written = Path("out.failed.csv").read_text()
    for text in (said.err, written):
        assert all(line.isprintable() for line in text.splitlines())
        assert len(text) < 3000
    assert len(said.err.splitlines()) == 3


@pytest.mark.parametrize("name", ["out.csv", "out.csv.part", "out.failed.csv", "out.csv.state.new"])
def test_links_are_not_written_through(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A link where a file of the run belongs is refused, and what it points to stays."""
    write_rows(ROWS)
    Path("precious").write_text("precious")
    Path(name).symlink_to("precious")
    with HostileServer(status(404)) as server:
        assert score("--uri", server.uri, "--in", "in.csv", "--restart") == 2
    assert f"{name} is a link" in capsys.readouterr().err
    assert Path("precious").read_text() == "precious"


def test_the_input_is_not_written_over(capsys: pytest.CaptureFixture[str]) -> None:
    """The failed file of an earlier run, when scored, is not lost to a run of the same name."""
    write_rows(ROWS, "out.failed.csv")
    before = Path("out.failed.csv").read_bytes()
    with HostileServer(status(404)) as server:
        assert score("--uri", server.uri, "--in", "out.failed.csv", "--restart") == 2
    assert "out.failed.csv is the input" in capsys.readouterr().err
    assert Path("out.failed.csv").read_bytes() == before
