"""Encoding results, beside the `json.dumps` that a script would write by hand.

python -m bench.encode

By hand means `tolist()` or `to_dict("records")` and `json.dumps`: that refuses neither NaN nor a
result of another shape than was declared. "checked" is what an answer costs in all: held against
its declaration, encoded, its rows counted.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from bench import machine
from bench.decode import seconds

ROOT = Path(__file__).resolve().parent.parent

#: Rows, and how often each side encodes them in one round.
SIZES = {1: 1000, 1_000: 50, 100_000: 1}


def by_hand(results: Any) -> bytes:
    """Encode what `predict` or `predict_proba` returned as a script would."""
    rows = results.to_dict("records") if isinstance(results, pd.DataFrame) else results.tolist()
    return json.dumps({"Results": rows}).encode()


def compare(results: Any, sample: Any, repeats: int, rounds: int) -> tuple[float, float, float]:
    """Return the median seconds by hand, by `outputs.encoding` and checked, taking turns."""
    # Found by then: main() has put score/ on the path, as the container has it.
    from scoring.outputs.body import success
    from scoring.outputs.encoding import encode
    from scoring.parameters.results import Results

    declared = Results(predict=sample).input_to_swagger()
    answer = {"Results": results}
    assert json.loads(by_hand(results)) == json.loads(encode(answer))
    assert success(answer, declared) == (encode(answer), len(results))
    theirs, ours, checked = [], [], []
    for _ in range(rounds):
        theirs.append(seconds(lambda: by_hand(results), repeats))
        ours.append(seconds(lambda: encode(answer), repeats))
        checked.append(seconds(lambda: success(answer, declared), repeats))
    return median(theirs), median(ours), median(checked)


def main() -> None:
    """Measure in several rounds and print the medians."""
    parser = argparse.ArgumentParser(prog="python -m bench.encode", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    args, _ = parser.parse_known_args()
    sys.path.append(str(ROOT / "score"))
    print(machine.describe())
    print(f"\nencoding results; medians of {args.rounds} rounds, the three taking turns")
    print(
        f"{'results':<16} {'rows':>7} {'json.dumps':>13} {'encode':>13} {'ratio':>7}"
        f" {'checked':>13} {'ratio':>7}"
    )
    random = np.random.default_rng(0)
    for rows, repeats in SIZES.items():
        numbers = random.normal(size=rows)
        chances = pd.DataFrame(random.random((rows, 3)), columns=["a", "b", "c"])
        labels = np.array(["setosa", "virginica"], dtype=object)[random.integers(2, size=rows)]
        cases = {
            "numbers": (numbers, 0.5),
            "3 probabilities": (chances, {"a": 0.5, "b": 0.5, "c": 0.5}),
            "labels": (labels, "setosa"),
        }
        for name, (results, sample) in cases.items():
            theirs, ours, checked = compare(results, sample, repeats, args.rounds)
            print(
                f"{name:<16} {rows:>7} {theirs * 1000:>10.3f} ms {ours * 1000:>10.3f} ms "
                f"{theirs / ours:>7.2f} {checked * 1000:>10.3f} ms {theirs / checked:>7.2f}"
            )


if __name__ == "__main__":
    main()
