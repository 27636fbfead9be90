"""Numbers as people write them: decimal point or comma, thousands set apart, or no numbers at all.

A column is a number when every cell is one in the file's own way of writing, a text otherwise;
what nearly is a number, or could be two different ones, is asked about and never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from tabular.errors import BadData
from tabular.options import DECIMALS, CsvOptions

#: Words that stand for a missing value where the rest of a column are numbers.
NA_WORDS = frozenset(
    {"NA", "N/A", "n/a", "na", "#N/A", "NULL", "Null", "null", "NaN", "nan", "None", "none", "-",
     "?", "."}
)  # fmt: skip

#: From this share of numbers on, the other cells are taken for mistakes and asked about.
NEARLY = 0.8

#: A whole number that is longer loses digits as a float, and is a key rather than a quantity.
EXACT_DIGITS = 15

#: A digit after a leading zero makes a code: postcodes, telephone numbers.
CODE = rf"[+-]?0\d.*|[+-]?\d{{{EXACT_DIGITS + 1},}}"

SPACES = " \u00a0\u202f"
APOSTROPHES = "'\u2019"
#: What sets thousands apart, by the decimal mark.
THOUSANDS = {".": f",{SPACES}{APOSTROPHES}", ",": f".{SPACES}{APOSTROPHES}"}


def _number(decimal: str) -> str:
    mark, group = f"[{decimal}]", f"[{THOUSANDS[decimal]}]"
    plain = rf"(?:\d+(?:{mark}\d*)?|{mark}\d+)(?:[eE][+-]?\d+)?"
    grouped = rf"[1-9]\d{{0,2}}(?P<group>{group})\d{{3}}(?:(?P=group)\d{{3}})*(?:{mark}\d*)?"
    return rf"[+-]?(?:{plain}|{grouped})"


NUMBER = {decimal: _number(decimal) for decimal in DECIMALS}


@dataclass(frozen=True)
class Fits:
    """How many cells of a column are numbers with either decimal mark.

    Attributes:
        share: for each mark, the share of the cells that are numbers with it.
        both: an example that is a different number with either mark; None without one.
    """

    share: Mapping[str, float]
    both: str | None


def fits(cells: pd.Series[str]) -> Fits:
    """Look at a column's cells, without spaces around them and without missing ones."""
    match = {decimal: cells.str.fullmatch(pattern) for decimal, pattern in NUMBER.items()}
    differ = match["."] & match[","] & cells.str.contains("[.,]")
    return Fits(
        {decimal: float(found.mean()) for decimal, found in match.items()},
        cells[differ].iloc[0] if differ.any() else None,
    )


def decimal_mark(columns: Mapping[str, Fits], sep: str) -> str:
    """Return the file's decimal mark.

    Args:
        columns: how each column fits.
        sep: what separates the fields.

    Raises:
        BadData: the columns disagree, or nothing tells.
    """
    only: dict[str, str] = {}
    for name, column in columns.items():
        near = [decimal for decimal, share in column.share.items() if share >= NEARLY]
        if near and column.share["."] != column.share[","]:
            only.setdefault(max(near, key=lambda mark: column.share[mark]), name)
    if len(only) == 2:
        raise BadData(
            f"column {only['.']!r} is written with a decimal point, {only[',']!r} with a comma: "
            "say --decimal"
        )
    if only:
        return next(iter(only))
    unclear = next(
        (n for n, c in columns.items() if c.both is not None and c.share["."] >= NEARLY), None
    )
    if unclear is None or (sep == "," and "," not in str(columns[unclear].both)):
        return "."
    raise BadData(
        f"column {unclear!r} holds {columns[unclear].both!r}: decimals or thousands? "
        "Say --decimal . or --decimal ,"
    )


def column(cells: pd.Series[str], decimal: str, options: CsvOptions) -> pd.Series:
    """Return a column as numbers, booleans or texts, missing values as such.

    Args:
        cells: all of the column, as written.
        decimal: the file's decimal mark.
        options: words for missing values, and columns that are texts.

    Raises:
        BadData: nearly all cells are numbers, and some are not.
    """
    missing = cells.isin(["", *options.na])
    if cells.name in options.text or missing.all():
        return cells.mask(missing)
    stripped = cells.str.strip()
    present = stripped[~missing]
    number = present.str.fullmatch(NUMBER[decimal])
    words = present.isin(NA_WORDS)
    if number.any() and (number | words).all():
        if present[number].str.fullmatch(CODE).any():
            return cells.mask(missing)
        return _as_numbers(stripped.mask(missing | stripped.isin(NA_WORDS)), decimal)
    if number.sum() >= NEARLY * (~words).sum():
        odd = present[~number & ~words]
        row = int((cells.index == odd.index[0]).argmax()) + 1
        raise BadData(
            f"column {cells.name!r} holds numbers, but {odd.iloc[0]!r} in row {row}"
            + (f" (and {len(odd) - 1} more such cells)" if len(odd) > 1 else "")
            + f": correct it, say --na {odd.iloc[0]!r} if it means missing, or --text "
            f"{cells.name!r} if these are no quantities"
        )
    if not missing.any() and present.str.casefold().isin(["true", "false"]).all():
        return present.str.casefold() == "true"
    return cells.mask(missing)


def _as_numbers(cells: pd.Series, decimal: str) -> pd.Series:
    plain = cells.str.replace(f"[{THOUSANDS[decimal]}]", "", regex=True)
    plain = plain.str.replace(decimal, ".", regex=False)
    # Through Python's float, which reads every number exactly; pandas' own parsers round.
    if plain.isna().any() or not plain.str.fullmatch(r"[+-]?\d+").all():
        return plain.astype("float64")
    return plain.astype("int64")
