"""The command `score` on small files of the current folder."""

from __future__ import annotations

from typing import Any

import pandas as pd
from scoring_client import cli
from sklearn.datasets import load_diabetes

FEATURES: pd.DataFrame = load_diabetes(as_frame=True).data
ROWS = [{"x": number} for number in range(10)]


def score(*options: str) -> int:
    """Run the command with the output out.csv; return its exit code."""
    return cli.main([*options, "--out", "out.csv"])


def write_rows(rows: list[dict[str, Any]], name: str = "in.csv") -> None:
    """Write a CSV as most programs do."""
    pd.DataFrame(rows).to_csv(name, index=False)
