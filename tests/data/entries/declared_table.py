"""An entry script that declares a table and returns what the request names."""

import datetime as dt

import numpy as np
import pandas as pd
from inference_schema.schema_decorators import output_schema
from scoring import Nested, Table, endpoint, input_schema

SAMPLE = pd.DataFrame(
    {
        "kind": pd.Categorical(["red"], categories=["red", "green"]),
        "byte": np.array([1], np.uint8),
        "single": np.array([1.5], np.float32),
        "day": [dt.date(2024, 1, 2)],
        "clock": [dt.time(1, 2, 3)],
        "lasting": pd.to_timedelta(["1h"]),
        "when": pd.to_datetime(["2024-01-02"]),
        "raw": [b"a"],
    }
)
WRONG = {
    "kind": "secret-text",
    "byte": 300,
    "single": 1e300,
    "day": "2024-13-45",
    "clock": "teatime",
    "lasting": "an hour",
    "when": "2024-02-30T00:00:00Z",
    "raw": "not base64!",
}


def init():
    pass


@endpoint
@input_schema("case", Nested("right"))
@output_schema(Table(SAMPLE))
def run(case):
    return SAMPLE if case == "right" else SAMPLE.astype(object).assign(**{case: WRONG[case]})
