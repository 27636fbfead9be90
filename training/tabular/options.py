"""What a person can say of a CSV file, where recognising it fails or errs."""

from __future__ import annotations

from dataclasses import dataclass

#: Separators that are recognised, and what they are called.
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}

#: Decimal marks, and what they are called.
DECIMALS = {".": "point", ",": "comma"}

#: What people write for a tab, which a command line cannot hold.
TAB = ("tab", "\\t")


@dataclass(frozen=True)
class CsvOptions:
    """How a CSV file is to be read; None is "recognise it".

    Attributes:
        sep: what separates the fields: one character.
        decimal: what stands before the decimals: a point or a comma.
        encoding: a name that Python knows, such as "cp1250".
        na: words that stand for a missing value in every column.
        text: columns that are texts, whatever they look like: codes, postcodes.
    """

    sep: str | None = None
    decimal: str | None = None
    encoding: str | None = None
    na: tuple[str, ...] = ()
    text: tuple[str, ...] = ()

    @property
    def used(self) -> list[str]:
        """The options of the command line that are set."""
        return [f"--{name}" for name, value in vars(self).items() if value]
