"""The command line: every verb of `python -m deploy`, a file for each group of verbs."""

# Importing a file adds its verbs, in the order of the help.
from deploy.cli import serve, page, describe, targets, deploy, services, studio  # noqa: I001
from deploy.cli.app import app

__all__ = ["app", "deploy", "describe", "page", "serve", "services", "studio", "targets"]
