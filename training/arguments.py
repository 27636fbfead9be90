"""The command line that every training script shares.

--data FILE --target COLUMN    a CSV or Parquet file and the column to predict
--sep --decimal --encoding     how the CSV is written, where that is not recognised
--na WORD --text COLUMN        what means "missing", and which columns are no quantities
--output FOLDER                where model, manifest, sample and picture go
--seed NUMBER                  the same seed gives the same model
--tracking azureml|mlflow      record parameters, metrics and the folder in a run

Each script adds its own hyper-parameters. A mistake ends with exit code 2 and one sentence,
before any training starts.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pandas as pd
from scoring_model.folders import made
from tabular import DECIMALS, BadData, CsvOptions, Task, check_table, read_table
from tracking import TRACKERS

#: numpy's generators take seeds of 32 bits.
MAX_SEED = 2**32 - 1


def command_line(description: str | None) -> argparse.ArgumentParser:
    """Return a parser with the shared arguments; `description` is the script's docstring."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, metavar="FILE", help="a .csv or .parquet file instead of the sample"
    )
    parser.add_argument("--target", metavar="COLUMN", help="the column of --data to predict")
    csv = parser.add_argument_group("how the CSV is written, where that is not recognised")
    csv.add_argument("--sep", help="what separates the fields; 'tab' for a tab")
    csv.add_argument("--decimal", choices=DECIMALS, help="what stands before the decimals")
    csv.add_argument("--encoding", help="such as cp1250")
    csv.add_argument("--na", action="append", default=[], metavar="WORD",
                     help="a word for a missing value; may be repeated")  # fmt: skip
    csv.add_argument("--text", action="append", default=[], metavar="COLUMN",
                     help="a column of codes, not quantities; may be repeated")  # fmt: skip
    parser.add_argument("--output", type=Path, default=Path("outputs"), metavar="FOLDER",
                        help="where the model goes (default: %(default)s)")  # fmt: skip
    parser.add_argument(
        "--seed", type=_seed, default=0, help="chooses the held-out rows (default: %(default)s)"
    )
    parser.add_argument("--tracking", choices=TRACKERS, help="record the run there")
    return parser


def load_table(
    parser: argparse.ArgumentParser,
    args: argparse.Namespace,
    sample: Callable[[], tuple[pd.DataFrame, str]],
    task: Task,
) -> tuple[pd.DataFrame, str]:
    """Return the table to train on and the name of its target column.

    Ends the program through `parser.error` when the data cannot be trained on.

    Args:
        parser: made by `command_line`.
        args: what it parsed.
        sample: returns table and target where `--data` is not given.
        task: what the target has to be.
    """
    if (args.data is None) != (args.target is None):
        parser.error("--data and --target belong together: a file and its column to predict")
    try:
        if args.data is None:
            return sample()
        df, said = read_table(args.data, csv_options(args))
        print(f"{args.data}: {said}", file=sys.stderr)
        return check_table(df, args.target, task), args.target
    except BadData as error:
        parser.error(f"{args.data}: {error}")
    except OSError as error:
        parser.error(f"{error.filename}: {error.strerror}")


@contextmanager
def output_folder(parser: argparse.ArgumentParser, folder: Path) -> Iterator[Path]:
    """Make the output folder; take away what was made when the training inside fails.

    Ends the program through `parser.error` when it cannot be made.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(made(folder))
        except OSError as error:
            parser.error(f"{error.filename}: {error.strerror}")
        yield folder


def csv_options(args: argparse.Namespace) -> CsvOptions:
    """Return what the command line says of the CSV file."""
    return CsvOptions(args.sep, args.decimal, args.encoding, tuple(args.na), tuple(args.text))


def positive(text: str) -> float:
    """Parse a number above 0, for `add_argument(type=...)`."""
    value = _number(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return value


def not_negative(text: str) -> float:
    """Parse a number of at least 0, for `add_argument(type=...)`."""
    value = _number(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is below 0")
    return value


def at_least_one(text: str) -> int:
    """Parse a whole number from 1, for `add_argument(type=...)`."""
    return _whole(text, 1)


def at_least_two(text: str) -> int:
    """Parse a whole number from 2, for `add_argument(type=...)`."""
    return _whole(text, 2)


def _whole(text: str, least: int) -> int:
    if not text.isdecimal() or int(text) < least:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least}")
    return int(text)


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number")
    return value


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) > MAX_SEED:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to {MAX_SEED}")
    return int(text)
