"""Memory of a 500 MB model with 1 and 4 workers, its arrays mapped from the file and not.

python -m bench.sharing
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import joblib
import numpy as np
import requests
from sklearn.neighbors import KNeighborsRegressor

from bench import machine
from deploy.servers.azmlinfsrv import Server

ROOT = Path(__file__).resolve().parent.parent
ENTRY = ROOT / "score" / "auto.py"

#: 6.25 million rows of ten 8-byte numbers.
ROWS, COLUMNS = 6_250_000, 10

WORKERS = (1, 4)

#: Each reads the whole matrix.
REQUESTS = 8


def write_model(path: Path) -> int:
    """Write neighbours by brute force, whose one array is the training data; return its bytes."""
    random = np.random.default_rng(0)
    data = random.random((ROWS, COLUMNS))
    joblib.dump(KNeighborsRegressor(1, algorithm="brute").fit(data, data[:, 0]), path)
    return path.stat().st_size


def memory_mib(model: Path, workers: int, mmap: str) -> float:
    """Return the memory of the process tree once every worker has scored."""
    environ = {"SCORING_MMAP": mmap}
    with Server(ENTRY, model, workers=workers, environ=environ, start_seconds=600) as server:
        document = requests.get(f"{server.url}/swagger.json", timeout=600).json()
        request = document["definitions"]["ServiceInput"]["example"]
        for _ in range(REQUESTS * workers):
            requests.post(server.score_url, json=request, timeout=600).raise_for_status()
        return machine.pss_mib(server.pid)


def main() -> None:
    """Measure and print."""
    print(machine.describe())
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model.joblib"
        size = write_model(model)
        print(f"\nauto.py, a model of {size / 1e6:.0f} MB; memory is PSS of the process tree")
        print(f"{'workers':>8} {'mapped MiB':>12} {'read MiB':>10} {'read / mapped':>14}")
        for workers in WORKERS:
            mapped, read = (memory_mib(model, workers, mmap) for mmap in ("on", "off"))
            print(f"{workers:>8} {mapped:>12.0f} {read:>10.0f} {read / mapped:>14.2f}")


if __name__ == "__main__":
    main()
