"""A table with a column of every kind, an array and a nested input; answers what it got."""

import datetime as dt

import numpy as np
import pandas as pd
from scoring import Array, Nested, Table, endpoint, input_schema

SAMPLE = pd.DataFrame(
    {
        "number": [1.5, 2.5],
        "single": np.array([1.5, 2.5], np.float32),
        "whole": [1, 2],
        "byte": np.array([1, 2], np.uint8),
        "flag": [True, False],
        "word": ["a", "b"],
        "maybe_number": [1.5, None],
        "maybe_whole": pd.array([1, None], dtype="Int64"),
        "maybe_flag": pd.array([True, None], dtype="boolean"),
        "maybe_word": ["a", None],
        "kind": pd.Categorical(["red", "green"]),
        "when": pd.to_datetime(["2024-01-02T03:04:05", "2024-01-03"], format="ISO8601"),
        "zoned": pd.to_datetime(["2024-01-02T03:04:05Z"] * 2).tz_convert("Asia/Tokyo"),
        "day": [dt.date(2024, 1, 2)] * 2,
        "clock": [dt.time(3, 4, 5)] * 2,
        "lasting": pd.to_timedelta(["1h", "2h"]),
    }
)


def init():
    pass


@endpoint
@input_schema("options", Nested({"threshold": 0.5, "names": ["a"]}, optional=["names"]))
@input_schema("matrix", Array(np.zeros((1, 3), np.int16)))
@input_schema("table", Table(SAMPLE))
def run(table, matrix, options={"threshold": 0.5}):
    return {"rows": len(table), "shape": list(matrix.shape), "options": options}
