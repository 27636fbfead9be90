"""Compile the lock files: env.yml alone, and env.yml with the development tools.

`requirements.lock` holds the closure of env.yml's pip list and the `train` group;
`requirements-dev.lock` everything else, constrained to the first, so that tests run
the very versions that the container gets. Both are universal: one file for Python
3.10 to 3.12 on Linux and macOS, with hashes.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
GROUPS = ("dev", "formats", "notebooks", "deploy", "clients", "host", "telemetry")
HEADER = "# Compiled by `make lock` from env.yml and pyproject.toml; do not edit.\n"


def pip_requirements(env_file: Path) -> list[str]:
    """Return the pip list of a conda environment file."""
    dependencies = yaml.safe_load(env_file.read_text())["dependencies"]
    return next(item["pip"] for item in dependencies if isinstance(item, dict))


def compile_lock(target: Path, requirements: list[str], *options: str) -> None:
    """Write `target` with the closure of `requirements`, keeping versions it already pins."""
    with tempfile.NamedTemporaryFile("w", suffix=".in") as source:
        source.write("\n".join(requirements))
        source.flush()
        command = [sys.executable, "-m", "uv", "pip", "compile", source.name, "-o", str(target)]
        command += ["--universal", "--python-version", "3.10", "--generate-hashes", "--quiet"]
        command += ["--no-header", "--no-annotate", "--no-emit-index-url", *options]
        subprocess.run(command, check=True, cwd=ROOT)
    target.write_text(HEADER + target.read_text().removeprefix(HEADER))


def main() -> None:
    """Compile both files."""
    runtime = pip_requirements(ROOT / "env.yml")
    lock, dev_lock = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
    compile_lock(lock, runtime, "--group", "train")
    groups = [option for group in GROUPS for option in ("--group", group)]
    compile_lock(dev_lock, runtime, "--group", "train", *groups, "-c", str(lock))


if __name__ == "__main__":
    main()
