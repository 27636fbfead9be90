"""What is easily described wrongly: overlapping columns, odd names, float32, an answer of nothing."""

import numpy as np
import pandas as pd
from scoring import Nested, Table, endpoint, input_schema

HOUSES = pd.DataFrame({"rooms": [3, 4], "area": [70.5, 80.0], "label": ["x", None]})
SINGLE = pd.DataFrame({"single": np.array([1.5], np.float32)})
NAMES = {
    "日本": {"x": 1},
    "中国": {"y": "s"},
    "été chaud": {"x": 1.5},
    "1st": {"n": 1},
    "ServiceInput": {"q": 1.5},
    "service output": {"q": 2.5, "r": 1},
    "error response": {"message": 1},
    "FieldError": {"where": 1},
}


def init():
    """Nothing to load."""


@endpoint
@input_schema("names", Nested(NAMES))
@input_schema("single", Table(SINGLE))
@input_schema("values", Table(HOUSES, orient="values"))
@input_schema("split", Table(HOUSES, orient="split"))
def run(split, values, single, names):
    """Return how many rows there are, and an object without fields."""
    return {"rows": [len(split), len(values), len(single)], "names": len(names), "notes": {}}
