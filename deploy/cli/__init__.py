"""The command line: every verb of `python -m deploy`, a file for each group of verbs."""

# Importing a file adds its verbs, in this order.
from deploy.cli import serve, page, describe, deploy, services  # noqa: I001 - the help's order
from deploy.cli.app import app

__all__ = ["app", "deploy", "describe", "page", "serve", "services"]
