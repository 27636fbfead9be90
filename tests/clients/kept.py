"""Whether clients/contract says what a live service says."""

from __future__ import annotations

import json
from pathlib import Path

from deploy.contract.files import contract, differences
from deploy.servers.azmlinfsrv import Server

FOLDER = Path(__file__).resolve().parents[2] / "clients" / "contract"


def contract_differences(server: Server) -> list[str]:
    """Return where the door's folder and its live service differ."""
    live = contract(server)
    folder = FOLDER / server.entry.stem
    recorded = {path.name: json.loads(path.read_text()) for path in folder.glob("*.json")}
    return differences(recorded, live)
