"""Decoding and checking a table, beside inference-schema's own conversion, in one run.

python -m bench.decode

What is timed is what the decorator calls: `deserialize_input` of a parsed body, of one table of
ten floats and one of ten mixed columns. inference-schema's type checks nothing but the number
of columns.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from collections.abc import Callable
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
    """Return 1 000 rows of ten floats, and of ten columns of the common types."""
    random = np.random.default_rng(0)
    n = 1_000
    floats = pd.DataFrame(random.normal(size=(n, 10)), columns=[f"x{i}" for i in range(10)])
    mixed = floats.iloc[:, :5].copy()
    mixed["n1"] = random.integers(0, 1_000, n)
    mixed["n2"] = random.integers(-5, 5, n)
    mixed["flag"] = random.random(n) < 0.5
    mixed["word"] = random.choice(["low", "middle", "high"], n)
    mixed["kind"] = pd.Categorical(random.choice(["a", "b", "c"], n))
    return {"10 floats": floats, "10 mixed": mixed}


def seconds(call: Callable[[], object], repeats: int) -> float:
    """Return the seconds of one call, the mean of `repeats` calls in a row."""
    gc.collect()
    started = time.perf_counter()
    for _ in range(repeats):
        call()
    return (time.perf_counter() - started) / repeats


def compare(sample: pd.DataFrame, rows: int, rounds: int) -> tuple[float, float]:
    """Return the median seconds of inference-schema's type and of ours, taking turns."""
    # Found by then: main() has put score/ on the path, as the container has it.
    from scoring.tables import Table

    repeated = pd.concat([sample] * -(-rows // len(sample)), ignore_index=True).head(rows)
    body: Any = json.loads(json.dumps(repeated.to_dict("records")))
    plain, checked = PandasParameterType(sample), Table(sample)
    theirs, ours = [], []
    for _ in range(rounds):
        theirs.append(seconds(lambda: plain.deserialize_input(body), SIZES[rows]))
        ours.append(seconds(lambda: checked.deserialize_input(body), SIZES[rows]))
    return median(theirs), median(ours)


def main() -> None:
    """Measure in several rounds and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    sys.path.append(str(ROOT / "score"))
    print(machine.describe())
    print(f"\ndecoding a table; medians of {args.rounds} rounds, the two taking turns")
    print(f"{'table':<10} {'rows':>7} {'PandasParameterType':>20} {'Table':>12} {'ratio':>7}")
    for name, sample in tables().items():
        for rows in SIZES:
            theirs, ours = compare(sample, rows, args.rounds)
            print(
                f"{name:<10} {rows:>7} {theirs * 1000:>17.3f} ms {ours * 1000:>9.3f} ms "
                f"{theirs / ours:>7.1f}"
            )


if __name__ == "__main__":
    main()
