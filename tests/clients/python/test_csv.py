"""CSV as people have it: recognised or asked for, every row held against the header."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scoring_client.csv_dialect import Asked, InputError
from scoring_client.csv_file import CsvTable
from scoring_client.csv_numbers import reader_of

#: What a service says of its columns, unless a test knows better.
COLUMNS = {"name": "string", "income": "number", "age": "integer"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "in.csv"


def table(path: Path, content: str | bytes, **asked: Any) -> CsvTable:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return CsvTable(path, COLUMNS, Asked(**asked))


def values(path: Path, content: str | bytes, **asked: Any) -> list[list[Any]]:
    return [list(row.values.values()) for row in table(path, content, **asked).rows()]


ROW = ["Müller", 1234.5, 40]

RECOGNISED: dict[str, tuple[bytes, str]] = {
    "plain": (b"name,income,age\nM\xc3\xbcller,1234.5,40\n", "comma separated, decimal point"),
    "German": (
        "name;income;age\r\nMüller;1.234,5;40\r\n".encode("utf-8-sig"),
        "; separated, decimal comma, thousands apart",
    ),
    "French": (
        "name;income;age\nMüller;1\u202f234,5;40\n".encode(),
        "; separated, decimal comma, thousands apart",
    ),
    "Swiss": (
        "name\tincome\tage\nMüller\t1'234.50\t40\n".encode(),
        "tab separated, decimal point, thousands apart",
    ),
    "American": (
        'name,income,age\nMüller,"1,234.50",40\n'.encode(),
        "comma separated, decimal point, thousands apart",
    ),
    "Unicode text of a spreadsheet": (
        "name\tincome\tage\r\nMüller\t1234,5\t40\r\n".encode("utf-16"),
        "tab separated, decimal comma",
    ),
    "with a separator line": (
        b"sep=|\r\nname|income|age\r\nM\xc3\xbcller|1234.5|40\r\n",
        "| separated, decimal point",
    ),
    "with empty columns": (
        b"name;income;age;;\nM\xc3\xbcller;1234,5;40;;\n",
        "; separated, decimal comma, 3 columns, 1 row, utf-8, 2 empty without a name left out",
    ),
}


@pytest.mark.parametrize(("content", "said"), RECOGNISED.values(), ids=RECOGNISED)
def test_what_is_recognised(path: Path, content: bytes, said: str) -> None:
    """Separator, decimal sign, thousands and encoding follow from the file, and are said."""
    read = table(path, content)
    assert said in read.says
    assert [list(row.values.values()) for row in read.rows()] == [ROW]


ASKED: dict[str, tuple[str | bytes, str, dict[str, Any], list[Any]]] = {
    "another encoding": (
        "name,income,age\nMüller,1234.5,40\n".encode("cp1252"),
        "line 2 is not utf-8",
        {"encoding": "cp1252"},
        ROW,
    ),
    "1,234": (
        "name;income;age\nA;1,234;40\n",
        "a number like 1,234 (line 2) is 1234 or 1.234",
        {"decimal": ","},
        ["A", 1.234, 40],
    ),
    "1,234 with thousands": (
        "name;income;age\nA;1,234;40\n",
        "say --decimal",
        {"decimal": "."},
        ["A", 1234, 40],
    ),
    "1.234 in a file with semicolons": (
        "name;income;age\nA;1.234;40\n",
        "a number like 1.234 (line 2) is 1.234 or 1234",
        {"decimal": "."},
        ["A", 1.234, 40],
    ),
    "both signs": (
        'name;income;age\nA;1,5;40\nB;"2.5";41\n',
        "line 3 has a decimal point and line 2 a decimal comma",
        {"decimal": ","},
        ["A", 1.5, 40],
    ),
    "two separators": ("x;y,z\n1;2,3\n", "separated by comma or ;", {"sep": ";"}, [1, 2.3]),
}


@pytest.mark.parametrize(("content", "said", "answer", "row"), ASKED.values(), ids=ASKED)
def test_what_is_asked_for(
    path: Path, content: str | bytes, said: str, answer: dict[str, Any], row: list[Any]
) -> None:
    """What the file does not decide is asked for by the option's name, which then decides."""
    with pytest.raises(InputError) as caught:
        table(path, content)
    assert said in str(caught.value)
    assert f"--{next(iter(answer))}" in str(caught.value)
    assert values(path, content, **answer)[0] == row


REFUSED: dict[str, tuple[str | bytes, str]] = {
    "an empty file": (b"", "is empty"),
    "a header alone": ("name,income,age\n", "a header and no rows"),
    "a NUL byte": (b"name,income\nA,1\nB,\x002\n", "line 3 holds a NUL byte"),
    "a column twice": ("name,name\nA,B\n", "'name' more than once"),
    "an index without a name": (",name,age\n0,A,40\n", "column 1 has values and no name"),
    "no row that fits": ("name,age\nA,40,\nB,41,\n", "line 2 has 3, line 3 has 3 fields"),
    "an open quote": ('name,age\nA,40\n"B,41\nC,42\n', "the record that begins in line 3"),
    "text after a quote": ('name,age\n"A"x,40\n', "the record that begins in line 2"),
}


@pytest.mark.parametrize(("content", "said"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(path: Path, content: str | bytes, said: str) -> None:
    """What cannot be a table is refused, by its line."""
    with pytest.raises(InputError) as caught:
        table(path, content)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "asked", [{"sep": ";;"}, {"decimal": "x"}, {"encoding": "klingon"}, {"encoding": "zlib"}]
)
def test_options_without_such_a_value(asked: dict[str, Any]) -> None:
    """An option that cannot be meant is refused by its name."""
    with pytest.raises(InputError, match=f"--{next(iter(asked))}"):
        Asked(**asked)


def test_rows_that_do_not_fit(path: Path) -> None:
    """A row with more or fewer fields than the header has a problem, the others their values."""
    read = table(path, 'name,income,age\nA,1,2\nB,1,2,3\n\nC,1\n"D\nE",4,5\n')
    found = [(row.line, row.problem or list(row.values.values())) for row in read.rows()]
    assert found == [
        (2, ["A", 1, 2]),
        (3, "4 fields for the header's 3 columns"),
        (5, "2 fields for the header's 3 columns"),
        (6, ["D\nE", 4, 5]),
    ]
    assert "without fitting the header: 2 rows (line 3, 5)" in read.says
    kept = [read.kept(row) for row in read.rows()]
    assert kept[1] == {
        "name": "B",
        "income": "1",
        "age": "2",
        "fields (score)": '4 for 3 columns; the rest: ["3"]',
    }


def test_missing_values(path: Path) -> None:
    """Words for a missing value count in number columns; those asked for in text columns too."""
    content = "name,income,age\nNA,NA,\n-,-,3\n"
    assert values(path, content) == [["NA", None, None], ["-", "-", 3]]
    assert values(path, content, na=("-",)) == [["NA", "NA", None], [None, None, 3]]
    assert "missing: NA (1)" in table(path, content).says


def test_columns_that_the_service_leaves_open(path: Path) -> None:
    """They are numbers when each cell is one and no zeros are lost, in the whole file."""
    path.write_text("a,b,c,d,e\n1,007,x,true,\n2.5,1,2,False,\n")
    rows = [row.values for row in CsvTable(path, {}, Asked()).rows()]
    assert rows == [
        {"a": 1, "b": "007", "c": "x", "d": True, "e": None},
        {"a": 2.5, "b": "1", "c": "2", "d": False, "e": None},
    ]


CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), max_size=8
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_against_pandas(tmp_path: Path, data: st.DataObject) -> None:
    """Text, numbers and line ends arrive as pandas reads them, whatever the separator."""
    sep = data.draw(st.sampled_from(",;\t|"))
    numbers = st.floats(allow_nan=False, allow_infinity=False).map(repr) | st.integers().map(str)
    rows = data.draw(st.lists(st.tuples(CELLS, numbers), min_size=1, max_size=5))
    text = io.StringIO()
    csv.writer(text, delimiter=sep, quoting=csv.QUOTE_ALL).writerows([("name", "income"), *rows])
    path = tmp_path / "in.csv"
    path.write_bytes(text.getvalue().encode())
    read = CsvTable(path, COLUMNS, Asked(sep=sep, decimal="."))
    oracle = pd.read_csv(
        path,
        sep=sep,
        dtype={"name": str},
        keep_default_na=False,
        float_precision="round_trip",
    )
    found = [float(row.values["income"]) for row in read.rows()]
    assert found == [float(number) for number in oracle["income"]]
    assert [row.values["name"] for row in read.rows()] == [name for name, _ in rows]


@pytest.mark.parametrize(
    ("text", "point", "comma"),
    [
        ("1", 1, 1),
        ("-0.5", -0.5, "-0.5"),
        (" 2,5 ", " 2,5 ", 2.5),
        ("1,234,567.8", 1234567.8, "1,234,567.8"),
        ("1.234.567,8", "1.234.567,8", 1234567.8),
        ("1,23,456", "1,23,456", "1,23,456"),
        ("0,123", "0,123", 0.123),
        ("1.2.3", "1.2.3", "1.2.3"),
        ("1e3", 1000.0, 1000.0),
        ("1_000", "1_000", "1_000"),
        ("0x10", "0x10", "0x10"),
        ("inf", "inf", "inf"),
        ("\u0661", "\u0661", "\u0661"),
        ("9" * 5000, "9" * 5000, "9" * 5000),
    ],
)
def test_numbers(text: str, point: Any, comma: Any) -> None:
    """A number is read under each decimal sign; what is none under it stays text."""
    for decimal, expected in ((".", point), (",", comma)):
        assert json.dumps(reader_of(decimal)(text)) == json.dumps(expected)
