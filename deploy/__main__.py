"""`python -m deploy`."""

from deploy.cli.services import app

app(prog_name="python -m deploy")
