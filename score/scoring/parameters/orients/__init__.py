"""The JSON shapes of a table: pandas' own six, by the names that `DataFrame.to_json` has.

    records   [{"a": 1, "b": 2}, ...]
    split     {"columns": ["a", "b"], "data": [[1, 2], ...], "index": [0, ...]}
    index     {"0": {"a": 1, "b": 2}, ...}
    columns   {"a": {"0": 1, ...}, "b": {"0": 2, ...}}
    values    [[1, 2], ...]
    table     {"data": [{"a": 1, "b": 2, "index": 0}, ...], "schema": {...}}

Each reads a whole table at once or refuses it, and explains cell by cell why it did. Names
restore the order of columns where the shape has names. `index` may be left out where it is a
key of its own, and so may `schema`, whose content is not looked at: the sample is the schema.
"""

from scoring.parameters.orients.base import Cells, Orient
from scoring.parameters.orients.keyed import ColumnsOrient, IndexOrient
from scoring.parameters.orients.listed import RecordsOrient, SplitOrient, TableOrient, ValuesOrient

#: Every shape by its name.
ORIENTS: dict[str, type[Orient]] = {
    "records": RecordsOrient,
    "split": SplitOrient,
    "index": IndexOrient,
    "columns": ColumnsOrient,
    "values": ValuesOrient,
    "table": TableOrient,
}

__all__ = ["ORIENTS", "Cells", "Orient"]
