"""Decoding and checking a table, beside inference-schema's own conversion, in one run.

python -m bench.decode

What is timed is what the decorator calls: `deserialize_input` of a parsed body, of tables of ten
columns: floats, the common types mixed, and one table for each kind that takes reading.
inference-schema's type checks nothing but the number of columns, and hands dates, times, decimals
and bytes on as they arrived. So a third column has what it costs to get from there to what `Table`
gives by hand, without a check.
"""

from __future__ import annotations

import argparse
import base64
import gc
import json
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType

from bench import machine

ROOT = Path(__file__).resolve().parent.parent

#: Rows, and how often each side converts them in one round.
SIZES = {1: 200, 1_000: 10, 100_000: 1}


def tables() -> dict[str, pd.DataFrame]:
    """Return 1 000 rows of ten floats, of the common types, and of each kind of `kinds`."""
    random = np.random.default_rng(0)
    n = 1_000
    floats = pd.DataFrame(random.normal(size=(n, 10)), columns=[f"x{i}" for i in range(10)])
    mixed = floats.iloc[:, :5].copy()
    mixed["n1"] = random.integers(0, 1_000, n)
    mixed["n2"] = random.integers(-5, 5, n)
    mixed["flag"] = random.random(n) < 0.5
    mixed["word"] = random.choice(["low", "middle", "high"], n)
    mixed["kind"] = pd.Categorical(random.choice(["a", "b", "c"], n))
    return {"10 floats": floats, "10 mixed": mixed} | {
        f"10 {name}": pd.DataFrame({f"x{i}": column for i in range(10)})
        for name, column in kinds(random, n).items()
    }


def kinds(random: np.random.Generator, n: int) -> dict[str, pd.Series[Any]]:
    """Return n values, most of them different, of each kind that takes reading."""
    seconds = pd.Series(pd.to_datetime(random.integers(0, 2**31, n), unit="s"))
    return {
        "date-times": seconds,
        "zoned": seconds.dt.tz_localize("UTC").dt.tz_convert("Europe/Berlin"),
        "dates": seconds.dt.date,
        "times": seconds.dt.time,
        "durations": pd.Series(pd.to_timedelta(random.integers(0, 2**31, n), unit="s")),
        "decimals": pd.Series(
            [Decimal(int(cents)) / 100 for cents in random.integers(0, 10**6, n)]
        ),
        "bytes": pd.Series([random.bytes(12) for _ in range(n)]),
        "int categories": pd.Series(pd.Categorical(random.integers(0, 5, n))),
    }


#: What turns a column of PandasParameterType into what Table gives. It has converted the columns
#: of the other tables itself.
BY_HAND: dict[str, Callable[[pd.Series[Any]], Any]] = {
    "10 dates": lambda column: pd.to_datetime(column).dt.date,
    "10 times": lambda column: pd.to_datetime(column, format="%H:%M:%S").dt.time,
    "10 decimals": lambda column: [Decimal(repr(value)) for value in column],
    "10 bytes": lambda column: [base64.b64decode(value) for value in column],
}


def seconds(call: Callable[[], object], repeats: int) -> float:
    """Return the seconds of one call, the mean of `repeats` calls in a row."""
    gc.collect()
    started = time.perf_counter()
    for _ in range(repeats):
        call()
    return (time.perf_counter() - started) / repeats


def json_value(name: str, value: Any) -> Any:
    """Return what a client sends; without Z where PandasParameterType would fail because of it."""
    return value.removesuffix("Z") if name in ("10 date-times", "10 times") else value


def compare(name: str, sample: pd.DataFrame, rows: int, rounds: int) -> list[float]:
    """Return the median seconds of inference-schema's type, by hand and of ours, taking turns."""
    # Found by then: main() has put score/ on the path, as the container has it.
    from scoring.parameters.table import Table

    plain, checked = PandasParameterType(sample), Table(sample)
    records = [
        {
            key: json_value(name, kind.example(value))
            for (key, kind), value in zip(checked.kinds.items(), row, strict=True)
        }
        for row in sample.itertuples(index=False, name=None)
    ]
    body: Any = json.loads(json.dumps((records * -(-rows // len(records)))[:rows]))
    convert = BY_HAND.get(name)

    def by_hand() -> None:
        frame = plain.deserialize_input(body)
        if convert:
            for column in frame:
                frame[column] = convert(frame[column])

    ways = (lambda: plain.deserialize_input(body), by_hand, lambda: checked.deserialize_input(body))
    times: list[list[float]] = [[], [], []]
    for _ in range(rounds):
        for way, measured in zip(ways, times, strict=True):
            measured.append(seconds(way, SIZES[rows]))
    return [median(measured) for measured in times]


def main() -> None:
    """Measure in several rounds and print the medians."""
    parser = argparse.ArgumentParser(prog="python -m bench.decode", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    args, _ = parser.parse_known_args()
    sys.path.append(str(ROOT / "score"))
    print(machine.describe())
    print(f"\ndecoding a table; medians of {args.rounds} rounds in ms, the three taking turns;")
    print("ratio: how often Table is done in the time of PandasParameterType, and by hand after it")
    print(f"{'table':<18} {'rows':>6} {'Pandas...Type':>14} {'by hand':>10} {'Table':>10}  ratio")
    for name, sample in tables().items():
        for rows in SIZES:
            theirs, hand, ours = compare(name, sample, rows, args.rounds)
            print(
                f"{name:<18} {rows:>6} {theirs * 1000:>14.3f} {hand * 1000:>10.3f} "
                f"{ours * 1000:>10.3f} {theirs / ours:>6.1f} {hand / ours:>6.1f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
