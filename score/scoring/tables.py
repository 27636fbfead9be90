"""Tables: inference-schema's pandas type, with the input checked before it is converted."""

from __future__ import annotations

from typing import Any

import pandas as pd
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType

from scoring.errors import InvalidInput, Problem


class Table(PandasParameterType):
    """A table of records, described by a sample with at least one row.

    Values arrive bit for bit: inference-schema's own conversion goes through
    `pandas.read_json`, which loses the last digits of a float.
    """

    def deserialize_input(self, input_data: Any) -> pd.DataFrame:
        """Return the records as a frame with the sample's columns and types, in its order.

        Raises:
            InvalidInput: the input is no list of records with the sample's columns.
        """
        columns = list(self.sample_input.columns)
        if not isinstance(input_data, list):
            found = f"a JSON {type(input_data).__name__}"
            raise InvalidInput("the table", [Problem("table", "a list of records", found)])
        problems = [
            Problem(f"[{i}]", f"the columns {', '.join(columns)}", "other columns")
            for i, row in enumerate(input_data)
            if not isinstance(row, dict) or row.keys() != set(columns)
        ]
        if problems:
            raise InvalidInput("the table", problems)
        values = {name: [row[name] for row in input_data] for name in columns}
        try:
            return pd.DataFrame(values, columns=columns).astype(self.sample_input.dtypes.to_dict())
        except (TypeError, ValueError) as error:
            problem = Problem("table", "the sample's types", type(error).__name__)
            raise InvalidInput("the table", [problem]) from None
