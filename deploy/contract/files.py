"""What a door's clients are made from and checked against, taken from the running service.

`make contract` writes it to clients/contract/<door>: a request, its answer, and the documents
of `inspection`. The folder is data only, so that clients/ needs nothing of the service.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from deploy.contract.inspection import documents, inspect
from deploy.servers.azmlinfsrv import Server
from deploy.smoke import compare

#: Predictions differ in their last bits from one processor to the next.
RELATIVE_TOLERANCE = 1e-9

#: So do probabilities close to zero, relatively by more.
ABSOLUTE_TOLERANCE = 1e-6


def contract(server: Server) -> dict[str, Any]:
    """Return file name to content of the contract that a running service keeps.

    Raises:
        CannotDescribe: the service does not accept the request that lies in the folder.
    """
    service = inspect(server)
    return {
        "request.json": service.request_example,
        "answer.json": service.answer_example,
        **documents(service, server.entry.stem),
    }


def write_contract(folder: Path, files: dict[str, Any]) -> None:
    """Write the contract; files of earlier ones are removed."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.json"):
        path.unlink()
    for name, content in files.items():
        text = json.dumps(content, indent=2, ensure_ascii=False)
        (folder / name).write_text(text + "\n", encoding="utf-8")


def differences(recorded: Any, live: Any) -> list[str]:
    """Return where a recorded and a live contract differ, last bits of numbers aside."""
    return compare.differences(
        recorded,
        live,
        relative=RELATIVE_TOLERANCE,
        absolute=ABSOLUTE_TOLERANCE,
        names=("recorded", "live"),
    )
