"""`python -m deploy`."""

from deploy.service_verbs import app

app(prog_name="python -m deploy")
