"""The command line: every verb of `python -m deploy`, a file for each group of verbs."""

from deploy.cli import deploy, services  # importing a file adds its verbs
from deploy.cli.app import app

__all__ = ["app", "deploy", "services"]
