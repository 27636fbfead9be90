"""One script without a server: the runtime of the Studio door, started as a process.

`score/` is read and run as files, as the servers are; nothing of it is imported here.
"""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.errors import DeployError, UsageError

#: The folder that is uploaded, whose package does the work.
SCORE = Path(__file__).resolve().parents[2] / "score"

#: What lies beside a script in the model folder.
SCRIPT, BUNDLE, CONFIG, SAMPLE = "script.py", "bundle.zip", "studio.yml", "request.json"


@dataclass(frozen=True)
class Script:
    """A script with what belongs to it; bundle and configuration need not be there."""

    script: Path
    bundle: Path
    config: Path

    @classmethod
    def at(cls, script: Path, bundle: Path | None = None) -> Script:
        """Return a script with the bundle named, or with the one beside it."""
        return cls(script, bundle or script.with_name(BUNDLE), script.with_name(CONFIG))


def check_script(script: Script) -> str:
    """Return why a script is not served; empty when it is."""
    return str(_runtime(script, {}).get("refused", ""))


def run_script(script: Script, body: Any, query: dict[str, list[str]]) -> dict[str, Any]:
    """Return `status` and `answer` of one request, or `refused`.

    Args:
        script: what is run.
        body: the request.
        query: the query string, name to values.
    """
    return _runtime(script, {"body": json.dumps(body), "query": query})


def read_data(files: list[Path]) -> Any:
    """Return the request that one or two data files are.

    A file may be a CSV with a line of names, a table or a list of rows as JSON, or, if it is the
    only one, a whole request.

    Raises:
        UsageError: a file cannot be read as any of them.
    """
    tables = [_read_one(file) for file in files]
    if len(tables) == 1 and isinstance(tables[0], dict) and "Inputs" in tables[0]:
        return tables[0]
    inputs = {f"input{i}": table for i, table in enumerate(tables, start=1)}
    return {"Inputs": inputs, "GlobalParameters": {}}


def _read_one(file: Path) -> Any:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: {error}. Name a CSV or JSON file in UTF-8.") from None
    if text.lstrip().startswith(("{", "[")):
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            raise UsageError(f"{file} is not JSON: {error}.") from None
    rows = [row for row in csv.reader(io.StringIO(text)) if row]
    if not rows:
        raise UsageError(f"{file} is empty: the first line has the names of the columns.")
    return {"ColumnNames": rows[0], "Values": rows[1:]}


def _runtime(script: Script, job: dict[str, Any]) -> dict[str, Any]:
    if not script.script.is_file():
        there = ", ".join(sorted(path.name for path in script.script.parent.glob("*.py")))
        raise UsageError(f"There is no script {script.script}; found there: {there or 'none'}.")
    paths = {name: str(path.absolute()) for name, path in vars(script).items()}
    done = subprocess.run(
        [sys.executable, "-m", "studio_runtime"],
        input=json.dumps(job | paths),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(SCORE)},
    )
    if done.returncode != 0:
        raise DeployError(f"{script.script} could not be run; the reason stands above.")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
