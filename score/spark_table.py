"""The Spark door: rows become a Spark DataFrame, which a fitted pyspark.ml pipeline scores.

    POST {"Inputs": {"data": [{"age": 0.04, ...}, ...]}}
    200  {"Results": [152.1, ...]}
    GET  ?describe: which model is loaded

Needs more than env.yml lists: pyspark and Java, see docs/spark.md. To serve another table, change
SAMPLE and SCHEMA: the columns and types are the input's.
"""

import os
from typing import Any

import pandas as pd
from inference_schema.schema_decorators import output_schema
from scoring import (
    Deferred,
    Nested,
    Results,
    SparkTable,
    declare,
    describable,
    describe_loaded,
    endpoint,
    input_schema,
    load_model,
)
from scoring.spark_session import local_session

# The first patient of scikit-learn's public diabetes data, four of the columns.
SAMPLE = pd.DataFrame({"age": [0.038], "bmi": [0.0617], "bp": [0.0219], "s5": [0.0199]})
SCHEMA = "age DOUBLE NOT NULL, bmi DOUBLE NOT NULL, bp DOUBLE NOT NULL, s5 DOUBLE NOT NULL"

loaded: Any = None
inputs, results = Deferred(), Deferred()


def init() -> None:
    """Start Spark, load the model, declare the input; the server calls this once."""
    global loaded
    sample = local_session().createDataFrame(SAMPLE, SCHEMA)
    loaded = load_model(os.environ)
    declare(
        run,
        {"Inputs": (inputs, Nested({"data": SparkTable(sample)}))},
        (results, Results(predict=206.1)),
        required=["Inputs"],
    )


def describe() -> dict[str, Any]:
    """Return which model is loaded."""
    return describe_loaded(loaded)


@endpoint
@describable(describe, required=["Inputs"])
@input_schema("Inputs", inputs)
@output_schema(results)
def run(Inputs: Any = ...) -> Any:
    """Score the rows of `Inputs.data`, in their order."""
    scored = loaded.model.transform(Inputs["data"]).select("prediction")
    return {"Results": [row.prediction for row in scored.collect()]}
