"""`training/tabular/checks.py`: every fault of a user's table, found before training."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tabular import BadData, Task, check_table, read_table

ROWS = "1,2\n" * 8

FILES = {
    "empty.csv": (b"", "the file is empty"),
    "blank.csv": (b"\n\n", "the file is empty"),
    "commas.csv": (b",,\n", "line 1 is to be the header, and names no column"),
    "header.csv": (b"a,b\n", "0 rows of data; at least 6 are needed"),
    "few.csv": (b"a,b\n1,2\n", "1 rows of data; at least 6 are needed"),
    "ragged.csv": (b"a,b\n1,2\n1,2,3\n", "line 3 has 3 fields"),
    "twice.csv": (b"a,a,b\n1,2,3\n", "more than one column is named 'a'"),
    "index.csv": (b",a,b\n0,1,2\n", "column 1 has no name"),
    "target.csv": (f"a,c\n{ROWS}".encode(), "no column 'b' to predict"),
    "near.csv": (f"a,b \n{ROWS}".encode(), "did you mean 'b '?"),
    "alone.csv": (f"b\n{'1' * 8}\n".replace("1", "1\n").encode(), "no other column"),
    "text.csv": (f"a,b\n{ROWS}wood,2\n".encode(), "column 'a' holds numbers, but 'wood' in row 9"),
    "texts.csv": (f"a,b\n{'wood,2' * 8}".replace("2w", "2\nw").encode(), "holds 'wood' in row 1"),
    "label.csv": (f"a,b\n{ROWS}1,high\n".encode(), "numbers, but 'high' in row 9"),
    "missing.csv": (f"a,b\n{ROWS},2\nNA,2\n".encode(), "no value in row 9 (and in 1 more)"),
    "infinite.csv": (
        f"a,b\n{ROWS}inf,2\n".encode(),
        "numbers, but 'inf' in row 9",
    ),
    "short.parquet": (b"PAR1", "not readable as parquet"),
    "table.xlsx": (b"PK", "ends in .xlsx; expected .csv or .parquet"),
    "noending": (b"a,b\n", "ends in nothing"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_refused(tmp_path: Path, name: str) -> None:
    """The message says what is wrong, and where."""
    content, expected = FILES[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadData) as refusal:
        check_table(read_table(tmp_path / name)[0], "b", Task.REGRESSION)
    assert expected in str(refusal.value)


def test_every_bad_column_is_named() -> None:
    """Ten columns are listed, the rest are counted; long values are shortened."""
    df = pd.DataFrame({f"c{i}": ["x" * 500] * 8 for i in range(12)} | {"b": [1.0] * 8})
    with pytest.raises(BadData, match=r"(?s)'c0'.*'c9'.*and 2 more columns") as refusal:
        check_table(df, "b", Task.REGRESSION)
    assert "x" * 40 not in str(refusal.value)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["yes"] * 10, "holds one class only"),
        (["yes"] * 9 + ["no"], "class 'no' in 1 rows; at least 5"),
        (np.linspace(0, 1, 10), "holds continuous values; expected labels"),
        (["yes"] * 9 + [None], "has no value in row 10"),
    ],
)
def test_bad_labels_are_refused(labels: object, expected: str) -> None:
    """A classifier needs at least two classes with rows enough to hold some out."""
    with pytest.raises(BadData, match=expected):
        check_table(pd.DataFrame({"a": range(10), "b": labels}), "b", Task.CLASSIFICATION)


def test_dates_and_objects_are_no_numbers() -> None:
    """What Parquet can hold and a regression cannot use is named with its type."""
    df = pd.DataFrame({"day": pd.date_range("2026-01-01", periods=8), "b": range(8)})
    with pytest.raises(BadData, match=r"column 'day' is of type datetime64\[ns\]"):
        check_table(df, "b", Task.REGRESSION)


def test_good_data_becomes_floats_and_booleans(tmp_path: Path) -> None:
    """Whole numbers become floats, booleans and labels stay, a byte order mark is no name."""
    rows = "".join(f"{i},True,{'yes' if i % 2 else 'no'}\n" for i in range(10))
    (tmp_path / "good.CSV").write_text(f"\ufeffa,c,b\n{rows}", encoding="utf-8")
    df = check_table(read_table(tmp_path / "good.CSV")[0], "b", Task.CLASSIFICATION)
    assert df.dtypes.astype(str).to_dict() == {"a": "float64", "c": "bool", "b": "object"}
