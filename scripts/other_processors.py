"""Run the numeric tests as other processors would compute.

.venv/bin/python scripts/other_processors.py
.venv/bin/python scripts/other_processors.py tests/training -- -x -k ridge

OpenBLAS, below numpy and scipy, has a kernel for each family of processors, and numpy loops of
its own; each sums in another order, as does another number of threads. A test that compares
computed floats digit by digit is green where it was written and red elsewhere; this finds it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

ROOT = Path(__file__).resolve().parent.parent

#: The tests in which floats are computed and compared.
NUMERIC = [
    "tests/training",
    "tests/notebooks",
    "tests/docs/test_readme.py",
    "tests/score",
    "tests/scoring",
    "tests/contract/test_powerbi.py",
    "tests/clients/python",
    "tests/clients/test_contract.py",
    "tests/clients/test_powerbi.py",
    "tests/deploy",
]

#: What makes this processor compute as another one. OPENBLAS_CORETYPE: AVX2, SSE4.2, SSE3; the
#: last without numpy's own wider loops too.
VARIANTS: dict[str, dict[str, str]] = {
    "Haswell, one thread": {"OPENBLAS_CORETYPE": "Haswell", "OMP_NUM_THREADS": "1"},
    "Nehalem, two threads": {"OPENBLAS_CORETYPE": "Nehalem", "OMP_NUM_THREADS": "2"},
    "Prescott, numpy without AVX": {
        "OPENBLAS_CORETYPE": "Prescott",
        "NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX AVX2 FMA3",
    },
}


def main(
    paths: Annotated[list[str] | None, typer.Argument(help="tests, and pytest's options")] = None,
    variant: Annotated[list[str] | None, typer.Option(help="only these; one of the names")] = None,
) -> None:
    """Run the tests once for each variant; end with 1 when one of them fails."""
    unknown = set(variant or ()) - VARIANTS.keys()
    if unknown:
        raise typer.BadParameter(f"{unknown.pop()!r}; known are {', '.join(VARIANTS)}")
    console, failed = Console(), []
    chosen = variant or list(VARIANTS)
    for name in chosen:
        console.rule(name)
        command = [sys.executable, "-m", "pytest", "-q", *(paths or NUMERIC)]
        done = subprocess.run(command, cwd=ROOT, env=os.environ | VARIANTS[name], check=False)
        if done.returncode:
            failed.append(name)
    console.rule()
    console.print(f"failed: {', '.join(failed)}" if failed else f"passed: {', '.join(chosen)}")
    raise typer.Exit(bool(failed))


if __name__ == "__main__":
    typer.run(main)
