"""What a service that is tried here sees of the operator's environment."""

from __future__ import annotations

import pytest

from deploy.servers.environment import stated


@pytest.mark.parametrize("name", ["PATH", "https_proxy", "SCORING_MAX_ROWS", "AML_CORS_ORIGINS"])
def test_what_is_stated_is_handed_on(name: str) -> None:
    """The machine, the network, the settings of service and server."""
    assert stated({name: "x"}) == {name: "x"}


@pytest.mark.parametrize(
    "name", ["AZURE_CLIENT_SECRET", "GITHUB_TOKEN", "AZUREML_RUN_TOKEN", "DATABASE_URL"]
)
def test_nothing_else_is(name: str) -> None:
    """Secrets above all; what a service really needs is named."""
    assert stated({name: "x"}) == {}
    assert stated({name: "x", "DEPLOY_PASS_ENV": f"ABC, {name}"}) == {name: "x"}
