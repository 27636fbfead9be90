"""What the data scientist does with this project: `python -m training COMMAND`."""

from __future__ import annotations

import sys
from pathlib import Path

# The scripts here are programs as well, uploaded to jobs and run where they lie: they import one
# another by their names alone.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from commands import app

if __name__ == "__main__":
    app(prog_name="python -m training")
