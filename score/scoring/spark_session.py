"""The one Spark session of this process."""

from __future__ import annotations

import os
import sys
from typing import Any

from scoring.errors import ModelBroken
from scoring.extras import optional as needs

#: The line that env.yml needs; `sql` brings pyarrow, through which the rows reach Spark.
PACKAGE = "pyspark[sql]"


#: Only this machine, nothing that listens to others, no progress bar among the log's lines.
LOCAL = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # Date-times are instants; what Spark prints or computes of them should not depend on where.
    "spark.sql.session.timeZone": "UTC",
    # The default, 200 partitions, is made for clusters.
    "spark.sql.shuffle.partitions": "2",
    # A sample made of a pandas table needs no Python worker then.
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}


def local_session() -> Any:
    """Return this process's Spark session, started by the first call; it takes seconds.

    Raises:
        ModelBroken: pyspark or Java is not installed.
    """
    with needs(PACKAGE, "a Spark session"):
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    # Spark would start whatever `python3` is on PATH.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master("local[*]").appName("scoring")
    for key, value in LOCAL.items():
        builder = builder.config(key, value)
    try:
        return builder.getOrCreate()
    except PySparkRuntimeError as error:
        raise ModelBroken(
            f"Spark did not start ({error.getCondition()}): it needs Java 17. Add the line "
            "'- openjdk=17' to the dependencies of env.yml, or install openjdk-17-jre-headless."
        ) from error
