"""A table with a column of each type that Power BI knows; answers what it got, row by row."""

import pandas as pd
from inference_schema.schema_decorators import output_schema
from scoring import Method, Nested, Results, Table, endpoint, input_schema

SAMPLE = pd.DataFrame(
    {
        "word": ["a"],
        "when": pd.to_datetime(["2024-01-02T03:04:05"]),
        "whole": [1],
        "number": [1.5],
        "flag": [True],
    }
)


def init():
    """Nothing to load."""


@endpoint
@input_schema("GlobalParameters", Nested({"method": Method("predict")}, optional=["method"]))
@input_schema("Inputs", Nested({"data": Table(SAMPLE)}))
@output_schema(Results(predict="a"))
def run(Inputs, GlobalParameters={"method": "predict"}):  # noqa: B006 - never changed
    """Return each row as one text."""
    rows = Inputs["data"].astype({"when": "datetime64[s]"})
    rows["when"] = rows["when"].map(lambda when: when.isoformat())
    return {"Results": ["|".join(map(str, row)) for row in rows.itertuples(index=False)]}
