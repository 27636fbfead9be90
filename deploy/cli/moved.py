"""The old names of three verbs, as modules of their own; they go with the next release."""

from __future__ import annotations

import sys

from deploy.cli import app


def moved(verb: str) -> None:
    """Say the verb's new name, then run it with the arguments of this process."""
    told = f"python -m deploy.{verb} is now python -m deploy {verb}; the old name goes away."
    print(told, file=sys.stderr)
    app([verb, *sys.argv[1:]], prog_name="python -m deploy")
