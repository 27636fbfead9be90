"""The files beside a model that say what comes in and what goes out.

`sample_input.json` or `.parquet` holds rows of the input, `sample_output.json` what the model
answers to some. Behind the model's own name (`NAME.sample_input.json`) they belong to that model
where one folder holds several.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from scoring.errors import ModelBroken
from scoring.models.formats import bare_name

#: The file of the input's rows, without its ending.
INPUT = "sample_input"

#: The file of the results.
OUTPUT = "sample_output"

#: Says of a column in a JSON sample that it is categorical, as `category` of pandas is.
CATEGORIES = "categories"


def recorded_sample(model: Path) -> pd.DataFrame | None:
    """Return the sample beside a model (or in its folder), None when there is none.

    Raises:
        ModelBroken: the file cannot be read as a table with at least one row.
    """
    readers = {".json": _read_json, ".parquet": _read_parquet}
    for file in _beside(model, INPUT, readers):
        sample = readers[file.suffix](file)
        if sample.empty:
            raise ModelBroken(f"{file.name} holds no rows: one is needed.")
        return sample
    return None


def recorded_results(model: Path) -> list[Any] | None:
    """Return the results in the file beside a model, None when there is none.

    Returns:
        What `{"Results": [...]}`, as an answer has it, lists: one result per row.

    Raises:
        ModelBroken: it is no such file.
    """
    for file in _beside(model, OUTPUT, [".json"]):
        content = _json(file)
        results = content.get("Results") if isinstance(content, dict) else content
        if not isinstance(results, list) or not results:
            raise ModelBroken(f'{file.name} must be {{"Results": [...]}} with at least one result.')
        return results
    return None


def _beside(model: Path, name: str, endings: Iterable[str]) -> Iterator[Path]:
    """Yield the files of this name that belong to a model, the model's own first."""
    folders = [model, model.parent] if model.is_dir() else [model.parent]
    for folder in folders:
        for stem in (f"{bare_name(model)}.{name}", name):
            yield from (f for ending in endings if (f := folder / (stem + ending)).is_file())


def _json(path: Path) -> Any:
    try:
        # Editors on Windows write a byte order mark.
        text = path.read_text(encoding="utf-8-sig")
        return json.loads(text, object_pairs_hook=_without_twins(path))
    except RecursionError:
        raise ModelBroken(f"{path.name} is nested too deeply.") from None
    except ValueError as error:
        raise ModelBroken(f"{path.name} is not JSON: {error}.") from None


def _without_twins(path: Path) -> Callable[[list[tuple[str, Any]]], dict[str, Any]]:
    def read(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        record = dict(pairs)
        if len(record) < len(pairs):
            raise ModelBroken(f"{path.name} holds an object with one key twice: rename one.")
        return record

    return read


def _read_json(path: Path) -> pd.DataFrame:
    records = _json(path)
    if not isinstance(records, list) or not all(
        isinstance(row, dict) and all(map(_is_cell, row.values())) for row in records
    ):
        raise ModelBroken(
            f"{path.name} must be a list of records of plain values: "
            f'[{{"age": 1.5, "colour": {{"{CATEGORIES}": ["blue", "red"]}}}}].'
        )
    return _with_categories(records)


def _is_cell(value: Any) -> bool:
    if isinstance(value, dict):
        known = value.get(CATEGORIES)
        return len(value) == 1 and isinstance(known, list) and bool(known)
    return isinstance(value, str | int | float | None)


def _with_categories(records: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the table; a column with a list of categories in some row is categorical."""
    types = {
        name: pd.CategoricalDtype(cell[CATEGORIES])
        for row in records
        for name, cell in row.items()
        if isinstance(cell, dict)
    }
    rows = [
        {
            name: cell[CATEGORIES][0] if isinstance(cell, dict) else cell
            for name, cell in row.items()
        }
        for row in records
    ]
    return pd.DataFrame(rows).astype(types)


def _read_parquet(path: Path) -> pd.DataFrame:
    try:
        return pd.read_parquet(path)
    except ImportError:
        raise ModelBroken(
            f"{path.name} needs the package pyarrow. "
            "Add the line '- pyarrow' to the pip list of env.yml, or write the sample as JSON."
        ) from None
    except (OSError, ValueError) as error:
        raise ModelBroken(f"{path.name} is not Parquet: {error}.") from None
