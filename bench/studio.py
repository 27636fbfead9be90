"""The Studio door: a script in a process per request, beside the same script called in place.

python -m bench.studio

Both start from the same request in memory and end with the same answer in memory; the server
adds the same to both. Rounds alternate.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

import pandas as pd

from bench import machine

ROOT = Path(__file__).resolve().parent.parent

#: What a scoring script of the old service imports and does.
SCRIPT = """
import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression


def azureml_main(dataframe1=None, dataframe2=None):
    model = LinearRegression().fit(np.arange(20).reshape(10, 2), np.arange(10))
    dataframe1["Scored Labels"] = model.predict(dataframe1[["a", "b"]].to_numpy())
    return dataframe1
"""


def request(rows: int) -> bytes:
    """Return a request of two columns in the old format."""
    values = [[str(i), f"{i}.5"] for i in range(rows)]
    return json.dumps(
        {"Inputs": {"input1": {"ColumnNames": ["a", "b"], "Values": values}}}
    ).encode()


def in_place() -> Callable[[bytes], bytes]:
    """Return what scores a request with the script loaded in this process."""
    from scoring.outputs.encoding import encode
    from studio_runtime.config import Config
    from studio_runtime.request import read_call
    from studio_runtime.results import to_table
    from studio_runtime.tables import read_table

    config, names = Config(), dict[str, Callable[[pd.DataFrame, None], pd.DataFrame]]()
    exec(SCRIPT, names)  # noqa: S102 - the text above

    def score(body: bytes) -> bytes:
        call = read_call(body, config, 2)
        frame = read_table(call.inputs[0][1], "input1", None, config.limits)
        table = to_table(names["azureml_main"](frame, None))
        return encode({"Results": {"output1": table.as_table(details=False)}})

    return score


def milliseconds(score: Callable[[bytes], bytes], body: bytes) -> float:
    """Return what one request takes."""
    started = time.perf_counter()
    score(body)
    return (time.perf_counter() - started) * 1000


def main() -> None:
    """Print medians and 95th percentiles of both ways, and what the process adds."""
    parser = argparse.ArgumentParser(prog="python -m bench.studio", description=__doc__)
    parser.add_argument("--requests", type=int, default=200)
    args, _ = parser.parse_known_args()
    sys.path.append(str(ROOT / "score"))
    from studio_runtime.script import Files
    from studio_runtime.service import Service

    print(f"\n{machine.describe()}\n\nstudio: {args.requests} requests each way, in turn")
    print(f"{'rows':>6} {'in place p50':>13} {'p95':>8} {'own process p50':>16} {'p95':>8} ms")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "script.py").write_text(SCRIPT)
        service, local = Service(Files.of(Path(folder))), in_place()

        def isolated(body: bytes) -> bytes:
            return service.score({}, body)

        for rows in (1, 1000, 10_000):
            body = request(rows)
            assert isolated(body) == local(body)
            pairs = [
                (milliseconds(local, body), milliseconds(isolated, body))
                for _ in range(args.requests)
            ]
            a, b = ([pair[i] for pair in pairs] for i in (0, 1))
            tails = [quantiles(times, n=20)[-1] for times in (a, b)]
            print(
                f"{rows:>6} {median(a):>13.1f} {tails[0]:>8.1f} {median(b):>16.1f} "
                f"{tails[1]:>8.1f}    adds {median(b) - median(a):.1f}"
            )
        service.close()


if __name__ == "__main__":
    main()
