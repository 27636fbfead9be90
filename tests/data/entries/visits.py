"""A door with date-times on both sides: when a visit begins, and when it will have ended."""

import pandas as pd
from inference_schema.schema_decorators import input_schema, output_schema
from scoring import Nested, Table, endpoint

SAMPLE = pd.DataFrame({"begins": pd.to_datetime(["2024-01-02T03:04:05Z"]), "hours": [1.5]})
ENDS = pd.DataFrame({"ends": pd.to_datetime(["2024-01-02T04:34:05Z"])})


def init():
    """Nothing to load."""


@endpoint
@input_schema("Inputs", Nested({"data": Table(SAMPLE)}))
@output_schema(Nested({"Results": Table(ENDS)}))
def run(Inputs):
    """Return the end of each visit."""
    rows = Inputs["data"]
    ends = rows["begins"] + pd.to_timedelta(rows["hours"], unit="h")
    return {"Results": pd.DataFrame({"ends": ends})}
