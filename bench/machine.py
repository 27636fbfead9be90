"""What was measured on what: versions, processor, memory of a process tree."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

import psutil

PACKAGES = ("azureml-inference-server-http", "inference-schema", "numpy", "pandas", "scikit-learn")


def describe() -> str:
    """Return processor, cores, memory, Python and package versions, one per line."""
    names = [
        line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line
    ]
    model = names[0].partition(":")[2] if names else "unknown processor"
    memory = psutil.virtual_memory().total / 2**30
    lines = [
        f"{model.strip()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}",
        f"Python {platform.python_version()}",
        *(f"{package} {version(package)}" for package in PACKAGES),
    ]
    return "\n".join(lines)


def pss_mib(pid: int) -> float:
    """Return the proportional set size of a process and all below it, in MiB.

    Pages shared by n processes count 1/n in each, so that the sum is what the tree costs.
    """
    process = psutil.Process(pid)
    tree = [process, *process.children(recursive=True)]
    return float(sum(member.memory_full_info().pss for member in tree)) / 2**20
