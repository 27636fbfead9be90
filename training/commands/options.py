"""Options that several commands share, and how a mistake ends them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from pipelines import BadEstimator
from saying import console
from scoring_model import NotServable
from tabular import BadData

Sep = Annotated[str | None, typer.Option(help="what separates the fields; 'tab' for a tab")]
Decimal = Annotated[str | None, typer.Option(help="what stands before the decimals: . or ,")]
Encoding = Annotated[str | None, typer.Option(help="such as cp1250")]
Na = Annotated[list[str] | None, typer.Option(help="a word for a missing value", metavar="WORD")]
Text = Annotated[
    list[str] | None, typer.Option(help="a column of codes, not quantities", metavar="COLUMN")
]


@contextmanager
def explained(path: Path | None = None) -> Iterator[None]:
    """End the program with one sentence where its input is at fault.

    Args:
        path: the file that is read, for errors in its content.
    """
    try:
        yield
    except BadData as error:
        console.print(f"{path}: {error}" if path else str(error), markup=False)
    except (BadEstimator, NotServable) as error:
        console.print(str(error), markup=False)
    except OSError as error:
        console.print(f"{error.filename}: {error.strerror}", markup=False)
    else:
        return
    raise typer.Exit(2)
