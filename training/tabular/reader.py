"""Read a .csv or .parquet file: as what it is, with nothing guessed silently.

pandas reads the fields, all of them as texts, after `layout` has counted them; what they mean is
decided column by column (`numbers`), and said in one line before anything is trained.
"""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd

from tabular.decoding import decode
from tabular.errors import BadData
from tabular.layout import check_rows, separator_of
from tabular.numbers import NA_WORDS, Fits, column, decimal_mark, fits
from tabular.options import DECIMALS, SEPARATORS, TAB, CsvOptions

#: A text column's words that may mean "missing" are named, up to this many.
NAMED_WORDS = 3


def read_table(path: Path, options: CsvOptions | None = None) -> tuple[pd.DataFrame, str]:
    """Return the table in a .csv or .parquet file, and one line that says what was read.

    Args:
        path: the file; its first line, in CSV, names the columns.
        options: how the CSV is written, where that is not to be recognised.

    Raises:
        BadData: the file is missing, empty, of another kind or not readable as what it is.
    """
    options = options or CsvOptions()
    if not path.is_file():
        raise BadData("there is no such file")
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return _read_csv(path.read_bytes(), options)
    if suffix != ".parquet":
        raise BadData(f"ends in {suffix or 'nothing'}; expected .csv or .parquet")
    if options.used:
        raise BadData(f"{options.used[0]} is about CSV files; Parquet tells such things itself")
    try:
        df = pd.read_parquet(path)
    except ImportError:
        raise BadData("reading Parquet needs the package pyarrow: pip install pyarrow") from None
    except (OSError, ValueError) as error:  # pyarrow's ArrowInvalid among them
        raise BadData(f"not readable as parquet: {str(error).splitlines()[0]}") from None
    return df, f"Parquet, {_counted(df)}"


def _read_csv(raw: bytes, options: CsvOptions) -> tuple[pd.DataFrame, str]:
    text, encoding = decode(raw, options.encoding)
    sep = "\t" if options.sep in TAB else options.sep or separator_of(text)
    if len(sep) != 1:
        raise BadData(f"--sep {sep!r}: expected one character, or tab")
    header = check_rows(text, sep)
    cells = pd.read_csv(
        io.StringIO(text), sep=sep, dtype=str, keep_default_na=False, na_filter=False,
        index_col=False, low_memory=False,
    )  # fmt: skip
    if list(cells.columns) != header:
        raise BadData(f"the columns were read as {list(cells.columns)}, not as {header}")
    for name in options.text:
        if name not in header:
            raise BadData(f"--text {name!r}: there is no such column")
    decimal = options.decimal or decimal_mark(_numeric_looking(cells, options), sep)
    if decimal not in DECIMALS:
        raise BadData(f"--decimal {decimal!r}: expected . or ,")
    df = pd.DataFrame({name: column(cells[name], decimal, options) for name in cells})
    said = f"{SEPARATORS.get(sep, repr(sep))}-separated, decimal {DECIMALS[decimal]}, {encoding}"
    return df, "; ".join([f"{said}, {_counted(df)}", *_words(cells, df, options)])


def _numeric_looking(cells: pd.DataFrame, options: CsvOptions) -> dict[str, Fits]:
    looked = {}
    for name in cells.columns.drop(list(options.text)):
        stripped = cells[name].str.strip()
        present = stripped[~stripped.isin(["", *options.na, *NA_WORDS])]
        if len(present):
            looked[name] = fits(present)
    return looked


def _counted(df: pd.DataFrame) -> str:
    """Return how many columns of which kind there are, and rows and missing cells."""
    numbers = sum(map(pd.api.types.is_numeric_dtype, df.dtypes))
    missing = int(df.isna().to_numpy().sum())
    return (
        f"{len(df.columns)} columns ({numbers} of numbers), {len(df)} rows"
        + (f", {missing} missing cells" if missing else "")
    )  # fmt: skip


def _words(cells: pd.DataFrame, df: pd.DataFrame, options: CsvOptions) -> list[str]:
    """Return what was done with words that may stand for a missing value."""
    said: dict[str, str] = {}
    for name in df:
        for word in sorted(set(cells[name].str.strip()) & NA_WORDS - {*options.na}):
            number = pd.api.types.is_numeric_dtype(df[name])
            meaning = "missing" if number else f"a word (--na {word} if it means missing)"
            said.setdefault(word, f"{word!r} in {name!r} taken as {meaning}")
    return list(said.values())[:NAMED_WORDS]
