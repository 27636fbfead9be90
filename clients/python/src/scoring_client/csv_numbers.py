"""Numbers as people write them: with a decimal comma, with thousands apart.

`1,234` is 1234 to some and 1.234 to others. Which of the two a file means follows from its other
numbers: every number column is looked at to its end, and where none of them tells, the caller is
asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

#: The longest text that is taken for a number; Python reads whole numbers of up to 4 300 digits.
MAX_DIGITS = 400

#: What stands between thousands beside the other decimal sign: apostrophe (Switzerland), space,
#: no-break space and narrow no-break space (SI).
GROUPS = "' \u00a0\u202f"


def _pattern(decimal: str) -> re.Pattern[str]:
    other = {".": ",", ",": "."}[decimal]
    point = re.escape(decimal)
    plain = rf"(?:[0-9]+(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]+)?"
    # A group of thousands has three digits, and one sign throughout.
    grouped = rf"[1-9][0-9]{{0,2}}([{re.escape(other)}{GROUPS}])[0-9]{{3}}(?:\1[0-9]{{3}})*"
    return re.compile(rf"[+-]?(?:{plain}|{grouped}(?:{point}[0-9]*)?)")


PATTERNS = {decimal: _pattern(decimal) for decimal in ".,"}

#: What most cells of most files are, in a third of the time.
COMMON = {
    decimal: re.compile(rf"-?[0-9]{{1,20}}{re.escape(decimal)}[0-9]{{1,20}}") for decimal in ".,"
}


def reader_of(decimal: str) -> Callable[[str], int | float | str]:
    """Return a function that reads a number; text that is none it returns as it is."""
    match, common = PATTERNS[decimal].fullmatch, COMMON[decimal].fullmatch

    def read(text: str) -> int | float | str:
        if common(text):
            return float(text.replace(decimal, "."))
        stripped = text.strip()
        found = match(stripped) if len(stripped) <= MAX_DIGITS else None
        if found is None:
            return text
        if group := found.group(1):
            stripped = stripped.replace(group, "")
        plain = stripped.replace(decimal, ".")
        return int(plain) if plain.lstrip("+-").isdecimal() else float(plain)

    return read


@dataclass
class Evidence:
    """What one column's cells say of the decimal sign; each is the line that says so first.

    Attributes:
        point: a number with a decimal point only.
        comma: a number with a decimal comma only.
        either_point: one like 1.234, which is a number both ways, and not the same.
        either_comma: one like 1,234.
        text: a cell that is no number at all.
        code: a cell like 007, whose zeros a number would lose.
        grouped: the decimal signs under which thousands are apart.
        filled: there is a cell that is not missing.
        boolean: every such cell is true or false.
    """

    point: int = 0
    comma: int = 0
    either_point: int = 0
    either_comma: int = 0
    text: int = 0
    code: int = 0
    grouped: str = ""
    filled: bool = False
    boolean: bool = True

    def add(self, cell: str, line: int) -> None:
        """Take in a cell that is not missing."""
        self.filled = True
        if (self.point and COMMON["."].fullmatch(cell)) or (
            self.comma and COMMON[","].fullmatch(cell)
        ):
            # Nothing new.
            self.boolean = False
            return
        if cell.isdecimal() and cell.isascii():
            self.boolean = False
            if cell[0] == "0" and len(cell) > 1:
                self.code = self.code or line
            return
        cell = cell.strip()
        as_point, as_comma = (PATTERNS[sign].fullmatch(cell) for sign in ".,")
        if as_point is None and as_comma is None:
            self.text = self.text or line
            self.boolean = self.boolean and cell.lower() in {"true", "false"}
            return
        self.boolean = False
        for sign, found in ((".", as_point), (",", as_comma)):
            if found and found.group(1) and sign not in self.grouped:
                self.grouped += sign
        if as_comma is None:
            self.point = self.point or line
        elif as_point is None:
            self.comma = self.comma or line
        elif "." in cell:
            self.either_point = self.either_point or line
        elif "," in cell:
            self.either_comma = self.either_comma or line

    def is_number(self, decimal: str) -> bool:
        """Tell whether every cell is a number when the decimal sign is this one."""
        return not (self.text or self.code or (self.comma if decimal == "." else self.point))
