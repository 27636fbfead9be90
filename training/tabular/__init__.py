"""A user's own table: read as what it is, shown in one line, checked before training."""

from tabular.checks import Task, check_table, check_target, with_floats
from tabular.errors import BadData
from tabular.options import DECIMALS, CsvOptions
from tabular.reader import read_table

__all__ = [
    "DECIMALS",
    "BadData",
    "CsvOptions",
    "Task",
    "check_table",
    "check_target",
    "read_table",
    "with_floats",
]
