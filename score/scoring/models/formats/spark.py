"""Folders that Spark's own pipelines are saved as."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scoring.settings import Settings

#: What makes a folder a fitted pipeline of pyspark.ml.
SPARK_FILES = "metadata/part-*"


def _load_spark(path: Path, _settings: Settings) -> Any:
    from scoring.spark_session import local_session

    local_session()
    from pyspark.ml import PipelineModel

    return PipelineModel.load(path.absolute().as_uri())
