"""The old request format of Studio, from Python's standard library.

    python clients/studio/score.py http://127.0.0.1:5001/score data.csv

The first line of the file has the names of the columns. A key is read from SCORING_KEY.
"""

from __future__ import annotations

import csv
import json
import os
import sys
import urllib.error
import urllib.request


def score(url: str, names: list[str], rows: list[list[str]], key: str = "") -> list[list[str]]:
    """Return the answer's names and rows, the names first.

    Raises:
        SystemExit: the service refused; the message is its own.
    """
    body = {"Inputs": {"input1": {"ColumnNames": names, "Values": rows}}, "GlobalParameters": {}}
    headers = {"Content-Type": "application/json"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    request = urllib.request.Request(  # noqa: S310 - the user's own address
        f"{url}?api-version=2.0&details=true", json.dumps(body).encode(), headers
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            value = json.load(answer)["Results"]["output1"]["value"]
    except urllib.error.HTTPError as refusal:
        raise SystemExit(f"{refusal.code}: {refusal.read().decode()}") from None
    return [value["ColumnNames"], *value["Values"]]


if __name__ == "__main__":
    with open(sys.argv[2], encoding="utf-8-sig", newline="") as file:  # noqa: PTH123
        first, *others = csv.reader(file)
    table = score(sys.argv[1], first, others, os.environ.get("SCORING_KEY", ""))
    csv.writer(sys.stdout).writerows(table)
