"""Tables of a request become DataFrames."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from studio_runtime.config import Limits
from studio_runtime.errors import BadArgument
from studio_runtime.tables import infer, read_table

LIMITS = Limits()


@pytest.mark.parametrize(
    ("cells", "dtype", "values"),
    [
        (["1", "2"], "int64", [1, 2]),
        (["1", "", "3"], "Int64", [1, None, 3]),
        (["1", None, "-3"], "Int64", [1, None, -3]),
        (["007"], "object", ["007"]),
        (["007", ""], "object", ["007", ""]),
        (["1.5", "2", ""], "float64", [1.5, 2.0, None]),
        (["1E-05", ".5"], "float64", [1e-05, 0.5]),
        (["1e999"], "object", ["1e999"]),
        (["."], "object", ["."]),
        (["9223372036854775807"], "int64", [2**63 - 1]),
        (["9223372036854775808"], "object", ["9223372036854775808"]),
        (["9223372036854775808", "0.5"], "object", ["9223372036854775808", "0.5"]),
        (["True", "False"], "bool", [True, False]),
        (["True", None], "boolean", [True, None]),
        (["true", "1"], "object", ["true", "1"]),
        (["5/30/2010 18:07:00"], "object", ["5/30/2010 18:07:00"]),
        (["2010-05-30"], "object", ["2010-05-30"]),
        (["", ""], "object", ["", ""]),
        (["NaN"], "object", ["NaN"]),
        (["٣"], "object", ["٣"]),
        ([None], "object", [None]),
        ([1, 2], "int64", [1, 2]),
        ([1, None], "Int64", [1, None]),
        ([1, 0.5], "float64", [1.0, 0.5]),
        ([True, None], "boolean", [True, None]),
        ([1, "1"], "object", [1, "1"]),
        ([2**70], "object", [2**70]),
        ([], "object", []),
    ],
)
def test_types_are_found_by_content(cells: list[Any], dtype: str, values: list[Any]) -> None:
    """Each column has the type that all of its cells have."""
    column = infer(cells)
    assert str(column.dtype) == dtype
    found = [None if pd.isna(value) else value for value in column.tolist()]
    assert found == values
    assert list(map(type, found)) == list(map(type, values))


def read(table: Any, schema: dict[str, str] | None = None) -> pd.DataFrame:
    return read_table(table, "input1", schema, LIMITS)


def test_the_index_counts_from_zero() -> None:
    """Both formats give the same frame, in the order of the columns sent."""
    table = read({"ColumnNames": ["b", "a"], "Values": [["x", "1"], ["y", "2"]]})
    rows = read([{"b": "x", "a": "1"}, {"a": "2", "b": "y"}])
    pd.testing.assert_frame_equal(table, rows)
    assert list(table.columns) == ["b", "a"]
    assert isinstance(table.index, pd.RangeIndex)


def test_a_table_of_rows_without_columns_keeps_its_rows() -> None:
    """Two empty rows are two rows."""
    assert read([{}, {}]).shape == (2, 0)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"ColumnNames": ["a"], "Values": [["1"], []]}, r"Values\[1\] has 0 cells"),
        ({"ColumnNames": ["a", "a"], "Values": []}, '"a" twice'),
        ({"ColumnNames": [1], "Values": []}, "list of strings"),
        ({"ColumnNames": ["a"]}, "Values must be a list of rows"),
        ({"ColumnNames": ["a"], "Values": [[{}]]}, 'row 0, column "a"'),
        ({"ColumnNames": ["a"], "Values": [], "Rows": []}, 'the key "Rows"'),
        ({"ColumnNames": ["a"], "Values": ["1"]}, r"Values\[0\] must be a list"),
        ([{"a": 1}, {"a": 1, "b": 2}], r'input1\[1\] has "b"'),
        ([{"a": 1}, {}], r'input1\[1\] lacks "a"'),
        ([{"a": 1}, 2], r"input1\[1\] must be an object"),
    ],
)
def test_a_table_that_is_none_is_refused(table: Any, said: str) -> None:
    """The message has the place."""
    with pytest.raises(BadArgument, match=said):
        read(table)


@pytest.mark.parametrize(
    ("kind", "good", "dtype"),
    [
        ("Int32", ["1", 2, None, ""], "Int32"),
        ("Int64", ["9223372036854775807"], "int64"),
        ("Double", ["1", 2, "0.5", ""], "float64"),
        ("Boolean", ["true", "False", "1", 0, True], "bool"),
        ("String", ["007", "", None], "object"),
        ("DateTime", ["2010-05-30T18:07:00", "2010-05-30", ""], "datetime64[ns]"),
    ],
)
def test_a_schema_decides(kind: str, good: list[Any], dtype: str) -> None:
    """Strings and typed cells are read as the declared type."""
    frame = read([{"a": cell} for cell in good], {"a": kind})
    assert str(frame["a"].dtype) == dtype


@pytest.mark.parametrize(
    ("kind", "bad"),
    [
        ("Int32", "2147483648"),
        ("Int64", "1.0"),
        ("Int64", True),
        ("Int64", 1.0),
        ("Double", "x"),
        ("Double", True),
        ("Double", 10**400),
        ("Boolean", "yes"),
        ("Boolean", 1.0),
        ("String", 1),
        ("DateTime", "5/30/2010 18:07:00"),
        ("DateTime", "7"),
        ("DateTime", 7),
    ],
)
def test_a_cell_of_another_type_is_refused(kind: str, bad: Any) -> None:
    """With its row and column; nothing is converted by force."""
    with pytest.raises(BadArgument, match=f'column "a", row 1: expected {kind}'):
        read([{"a": None}, {"a": bad}], {"a": kind})


def test_columns_follow_the_schema() -> None:
    """Its order is restored; a missing or an additional column is refused."""
    schema = {"a": "String", "b": "String"}
    assert list(read([{"b": "1", "a": "2"}], schema).columns) == ["a", "b"]
    for row in ({"a": "1"}, {"a": "1", "b": "2", "c": "3"}):
        with pytest.raises(BadArgument, match="service's schema"):
            read([row], schema)
