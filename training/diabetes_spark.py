"""Train a linear regression with Spark and write it ready to serve with score/spark_table.py.

python training/diabetes_spark.py --output models/diabetes_spark/1
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sklearn.datasets import load_diabetes

#: The columns that tell most; score/spark_table.py takes the same.
FEATURES = ("age", "bmi", "bp", "s5")


def local_session() -> Any:
    """Return a Spark session on this machine alone; needs pyspark[sql] and Java 17."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[*]").appName("training")
    for key in ("spark.driver.bindAddress", "spark.driver.host"):
        builder = builder.config(key, "127.0.0.1")
    builder = builder.config("spark.sql.execution.arrow.pyspark.enabled", "true")
    return builder.config("spark.ui.enabled", "false").getOrCreate()


def train_model(session: Any, penalty: float) -> tuple[Any, float]:
    """Return a fitted pipeline and its R2 on 20 % of the patients, held out."""
    from pyspark.ml import Pipeline
    from pyspark.ml.evaluation import RegressionEvaluator
    from pyspark.ml.feature import VectorAssembler
    from pyspark.ml.regression import LinearRegression

    patients = session.createDataFrame(load_diabetes(as_frame=True).frame)
    train, test = patients.randomSplit([0.8, 0.2], seed=0)
    assembler = VectorAssembler(inputCols=list(FEATURES), outputCol="features")
    regression = LinearRegression(labelCol="target", regParam=penalty)
    model = Pipeline(stages=[assembler, regression]).fit(train)
    evaluator = RegressionEvaluator(labelCol="target", metricName="r2")
    return model, evaluator.evaluate(model.transform(test))


def main(argv: Sequence[str] | None = None) -> None:
    """Train, write the model's folder, print the R2."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--penalty", type=float, default=0.1, help="(default: %(default)s)")
    parser.add_argument("--output", type=Path, default=Path("models/diabetes_spark/1"))
    args = parser.parse_args(argv)
    session = local_session()
    try:
        model, r2 = train_model(session, args.penalty)
        folder = args.output.absolute() / "model"
        model.write().overwrite().save(folder.as_uri())
    finally:
        session.stop()
    print(json.dumps({"r2": r2}))


if __name__ == "__main__":
    main()
