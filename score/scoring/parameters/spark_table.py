"""Spark DataFrames: inference-schema's Spark samples, with the input checked beforehand.

An optional extra: pyspark and Java are no part of env.yml's lists, and nothing is imported from
them until a script makes a `SparkTable`. How to add them: docs/spark.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inference_schema.parameter_types.abstract_parameter_type import AbstractParameterType

from scoring.columns.arrow import arrow_array
from scoring.columns.base import Refused, first_value
from scoring.columns.from_spark import spark_kind
from scoring.columns.strings import String
from scoring.extras import optional as needs
from scoring.parameters.base import CheckedType
from scoring.parameters.orients import ORIENTS
from scoring.parameters.table import EXAMPLE_ROWS, check_optional
from scoring.problems import Problems
from scoring.settings import Settings
from scoring.spark_session import PACKAGE


class SparkTable(CheckedType, AbstractParameterType):
    """A table that `run()` gets as a Spark DataFrame with the schema of a sample.

    A client sends a list of records, checked as `scoring.parameters.table.Table` checks them: every
    column there and no other, in any order, every value of its column's type
    (`columns.from_spark`). Null is accepted where the schema says nullable, which Spark does
    unless it is told otherwise: `"age DOUBLE NOT NULL"`.

    Args:
        sample: a DataFrame with at least one row.
        optional: columns that a record may leave out; they are null then, so they must be
            nullable.
        settings: limits of its own; the service's when not given.

    Raises:
        ModelBroken: pyspark is not installed.
        TypeError: the sample is no Spark DataFrame, empty, or has a type without JSON form.
        ValueError: an optional column cannot be one.
    """

    def __init__(
        self, sample: Any, *, optional: Sequence[str] = (), settings: Settings | None = None
    ) -> None:
        with needs(PACKAGE, "a Spark table"):
            from pyspark.sql import DataFrame
        if not isinstance(sample, DataFrame):
            raise TypeError(f"the sample of a SparkTable is a {type(sample).__name__}")
        AbstractParameterType.__init__(self, sample)
        self.set_up(settings)
        rows = sample.limit(EXAMPLE_ROWS).collect()
        if not rows or not sample.columns:
            raise TypeError("the sample of a SparkTable needs at least one column and one row")
        self.arrow = sample.limit(0).toArrow().schema
        self.kinds = {
            one.name: spark_kind(
                one.dataType, self.arrow.field(i).type, f"column {one.name!r}", one.nullable
            )
            for i, one in enumerate(sample.schema.fields)
        }
        check_optional(self.kinds, optional)
        self.shape = ORIENTS["records"](self.kinds, label=String(), optional=tuple(optional))
        self._example = [
            {name: first_value(kind, [row[name]]) for name, kind in self.kinds.items()}
            for row in rows
        ]

    def check(self, value: Any, where: str, problems: Problems) -> Any:
        """Return the table as a DataFrame with the sample's schema."""
        rows = self.shape.count(value)
        self.limit(where, rows, rows * len(self.kinds))
        try:
            return self._frame(self.shape.read(value).flat)
        except Refused:
            before = problems.total
            self.shape.explain(value, where, problems)
            self.never_silent(before, value, where, problems)
        return None

    def _frame(self, cells: list[Any]) -> Any:
        import pyarrow as pa

        width = len(self.kinds)
        columns = [
            arrow_array(kind, cells[i::width], self.arrow.field(i).type)
            for i, kind in enumerate(self.kinds.values())
        ]
        table = pa.Table.from_arrays(columns, schema=self.arrow)
        session = self.sample_input.sparkSession
        return session.createDataFrame(table, schema=self.sample_input.schema)

    def input_to_swagger(self) -> dict[str, Any]:
        """Return the Swagger schema with an example that the service accepts."""
        return {**self.shape.schema(), "format": "spark.DataFrame", "example": self._example}
