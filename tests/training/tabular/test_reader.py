"""`training/tabular`: CSV as people have it is read as it is or asked about, never guessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tabular import BadData, CsvOptions, read_table

#: What a German Excel writes.
GERMAN = "Ort;Größe;Preis\r\nKöln;1.234,5;10\r\nAachen;7;20\r\n"


def read(tmp_path: Path, content: str | bytes, **options: object) -> tuple[pd.DataFrame, str]:
    path = tmp_path / "own.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_table(path, CsvOptions(**options))  # type: ignore[arg-type]


def values(tmp_path: Path, content: str | bytes, **options: object) -> dict[Any, Any]:
    df, _ = read(tmp_path, content, **options)
    return df.astype(object).where(df.notna(), None).to_dict("list")


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("cp1252", "Windows-1252 ('Größe'; --encoding if that is wrong)"),
    ],
)
def test_a_german_table(tmp_path: Path, encoding: str, named: str) -> None:
    """Semicolons, decimal commas, thousands and any of its encodings give the same table."""
    df, said = read(tmp_path, GERMAN.encode(encoding))
    assert df.to_dict("list") == {
        "Ort": ["Köln", "Aachen"],
        "Größe": [1234.5, 7.0],
        "Preis": [10, 20],
    }
    assert said == f"semicolon-separated, decimal comma, {named}, 3 columns (2 of numbers), 2 rows"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a\tb\n1.5\tx\n", {"a": [1.5], "b": ["x"]}),
        ("a|b\n1.5|x\n", {"a": [1.5], "b": ["x"]}),
        ('a,b\n"1,5",x\n"2,25",y\n', {"a": [1.5, 2.25], "b": ["x", "y"]}),
        ('a,b\n"1,234.5",x\n12.5,y\n', {"a": [1234.5, 12.5], "b": ["x", "y"]}),
        ("a;b\n1 234 567,5;x\n1'000;y\n", {"a": [1234567.5, 1000.0], "b": ["x", "y"]}),
        ('a,b\n"one\ntwo, three",1\n', {"a": ["one\ntwo, three"], "b": [1]}),
        ("a,b\n1,NA\n2,3\n", {"a": [1, 2], "b": [None, 3.0]}),
        ("a,b\n1,\n,NULL\n2,3\n", {"a": [1.0, None, 2.0], "b": [None, None, 3.0]}),
        ("town,n\nNA,1\nBonn,2\n", {"town": ["NA", "Bonn"], "n": [1, 2]}),
        ("code,n\n01067,1\n50667,2\n", {"code": ["01067", "50667"], "n": [1, 2]}),
        ("id,n\n9007199254740993,1\n", {"id": ["9007199254740993"], "n": [1]}),
        ("a,b\nTrue,1\nfalse,2\n", {"a": [True, False], "b": [1, 2]}),
        ("a,b\n1e3,-.5\n\n+2,1.\n", {"a": [1000.0, 2.0], "b": [-0.5, 1.0]}),
        ("a,b\n12.05.2024,1\n", {"a": ["12.05.2024"], "b": [1]}),
        ("a\n1\n2\n", {"a": [1, 2]}),
        ("a,b\n0.1,0.30000000000000004\n", {"a": [0.1], "b": [0.30000000000000004]}),
    ],
)
def test_what_is_recognised(tmp_path: Path, content: str, expected: dict[str, object]) -> None:
    """Separators, marks, words for missing values, codes and quoted line ends."""
    assert values(tmp_path, content) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a,b\n1,2,\n3,4,\n", "line 2 has 3 fields, the last one empty: take the separator"),
        ("a,b\n1,2\n3,4,5\n", "the header has 2 fields, but\n  line 3 has 3 fields"),
        ("a,b,c\n1,2,3\n4,5\n", "line 3 has 2 fields"),
        ('a,b\n"x\ny",1\n1,2,3\n', "line 4 has 3 fields"),
        ("a,b\n" + "1\n" * 12, "and 2 more lines"),
        ("a,b,\n1,2,\n", "column 3 has no name. Does each line end in ','?"),
        ('a,b\n"x,1\n2,3\n', "is a quote not closed?"),
        ("a,b;c\n1,5;2\n", "separated by ',' or ';'; both fit: say --sep"),
        ("a;b\n1.234;x\n5.678;y\n", "holds '1.234': decimals or thousands? Say --decimal"),
        ('a,b\n"1,234",x\n', "holds '1,234': decimals or thousands? Say --decimal"),
        ("a;b\n1,5;1.5\n2,5;2.5\n", "'b' is written with a decimal point, 'a' with a comma"),
        ("a,b\n" + "1,2\n" * 8 + "wood,2\n", "but 'wood' in row 9: correct it, say --na 'wood'"),
        (b"a\0,\0b\0\n\0", "holds zero bytes: UTF-16 without its mark"),
        (b"a,b\n\xe9\x81,1\n", "neither UTF-8 nor Windows-1252 (line 2)"),
        (b"\xff\xfea", "begins as utf-16 and is not"),
    ],
)
def test_what_is_refused_or_asked(tmp_path: Path, content: str | bytes, expected: str) -> None:
    """Rows that do not fit are named by line, what could be two things is asked about."""
    with pytest.raises(BadData) as refusal:
        read(tmp_path, content)
    assert expected in str(refusal.value)


def test_options_decide(tmp_path: Path) -> None:
    """What a person says goes before what would be recognised."""
    assert values(tmp_path, "a;b\n1.234;x\n", decimal=",") == {"a": [1234], "b": ["x"]}
    assert values(tmp_path, "a;b\n1.234;x\n", decimal=".") == {"a": [1.234], "b": ["x"]}
    assert values(tmp_path, "a,b;c\n1,5;2\n", sep=";") == {"a,b": [1.5], "c": [2]}
    assert values(tmp_path, "a\tb\n1\t2\n", sep="tab") == {"a": [1], "b": [2]}
    assert values(tmp_path, "ł,b\n1,2\n".encode("cp1250"), encoding="cp1250") == {
        "ł": [1],
        "b": [2],
    }
    assert values(tmp_path, "a,b\n-9,x\n1,-9\n", na=("-9",)) == {"a": [None, 1.0], "b": ["x", None]}
    assert values(tmp_path, "a,b\n12,1\n", text=("a",)) == {"a": ["12"], "b": [1]}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"sep": "::"}, "--sep '::': expected one character"),
        ({"encoding": "utf-99"}, "Python knows no such encoding"),
        ({"encoding": "utf-16"}, "not utf-16, as --encoding says"),
        ({"text": ("z",)}, "--text 'z': there is no such column"),
        ({"sep": ";"}, "line 2 has 1 field"),
    ],
)
def test_wrong_options(tmp_path: Path, options: dict[str, object], expected: str) -> None:
    """What a person says is checked too."""
    with pytest.raises(BadData) as refusal:
        read(tmp_path, "a;x,b\n1,2\n3,4\n5,6", **options)
    assert expected in str(refusal.value)


def test_words_that_may_mean_missing_are_shown(tmp_path: Path) -> None:
    """In numbers they are missing, in texts they stay words; both are said."""
    _, said = read(tmp_path, "town,n\nNA,-\nBonn,2\n")
    assert said.endswith(
        "2 columns (1 of numbers), 2 rows, 1 missing cells; "
        "'NA' in 'town' taken as a word (--na NA if it means missing); '-' in 'n' taken as missing"
    )
