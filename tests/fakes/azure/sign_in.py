"""The sign-in, the subscription and the workspace."""

from __future__ import annotations

import base64
import json
import time
from urllib.parse import parse_qsl

from tests.fakes.azure.proxy import Answer, Request
from tests.fakes.azure.routes import Route
from tests.fakes.azure.state import GROUP, NOW, REGION, SUBSCRIPTION, WORKSPACE_PATH, State
from tests.fakes.azure.state import WORKSPACE as NAME

TENANT = "00000000-0000-0000-0000-00000000000a"
SECONDS = 3600
API = f"https://{REGION}.api.azureml.ms"


def token() -> str:
    """Return something in the shape of a JSON Web Token; its signature is checked by no one."""
    claims = {"exp": int(time.time()) + SECONDS, "tid": TENANT, "oid": "me", "appid": "app"}
    parts = [{"alg": "none", "typ": "JWT"}, claims]
    encoded = [
        base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts
    ]
    return ".".join([*encoded, "c2lnbmF0dXJl"])


def configuration(_: State, request: Request) -> Answer:
    """Answer the OpenID configuration."""
    base = f"https://{request.host}/{TENANT}"
    return Answer(
        body={
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "issuer": f"{base}/v2.0",
        }
    )


def instances(_: State, request: Request) -> Answer:
    """Answer which clouds there are."""
    host = request.host
    metadata = [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}]
    endpoint = f"https://{host}/{TENANT}/v2.0/.well-known/openid-configuration"
    return Answer(body={"tenant_discovery_endpoint": endpoint, "metadata": metadata})


def sign_in(_: State, request: Request) -> Answer:
    """Answer a token, as to a service principal; a scope has to be an address."""
    scope = dict(parse_qsl(request.body.decode())).get("scope", "")
    if not scope.startswith("https://"):
        said = f"AADSTS70011: The provided value for scope {scope} is not valid."
        return Answer(400, {"error": "invalid_scope", "error_description": said})
    return Answer(
        body={"token_type": "Bearer", "expires_in": SECONDS, "ext_expires_in": SECONDS,
              "expires_on": str(int(time.time()) + SECONDS), "access_token": token()}
    )  # fmt: skip


def clouds(_: State, __: Request) -> Answer:
    """Know of no list of clouds: the SDK then has the public one."""
    return Answer(404, {"error": {"message": "no metadata"}})


def subscriptions(_: State, __: Request) -> Answer:
    """Answer the one subscription."""
    one = {"id": f"/subscriptions/{SUBSCRIPTION}", "subscriptionId": SUBSCRIPTION,
           "displayName": "fake", "state": "Enabled", "tenantId": TENANT}  # fmt: skip
    return Answer(body={"value": [one]})


def workspace(_: State, __: Request) -> Answer:
    """Answer the workspace."""
    properties = {"workspaceId": SUBSCRIPTION, "discoveryUrl": f"{API}/discovery",
                  "friendlyName": NAME, "creationTime": NOW, "provisioningState": "Succeeded",
                  "storageAccount": "", "keyVault": "", "applicationInsights": ""}  # fmt: skip
    return Answer(
        body={"id": WORKSPACE_PATH, "name": NAME, "location": REGION, "tags": {},
              "type": "Microsoft.MachineLearningServices/workspaces",
              "identity": {"type": "SystemAssigned", "tenantId": TENANT, "principalId": "p"},
              "sku": {"name": "Basic"}, "properties": properties, "resourceGroup": GROUP}
    )  # fmt: skip


def discovery(_: State, __: Request) -> Answer:
    """Answer where the workspace's services are."""
    names = ("api", "experimentation", "history", "hyperdrive", "modelmanagement", "studio",
             "notebooks", "labeling", "pipelines", "catalog", "artifact")  # fmt: skip
    return Answer(body=dict.fromkeys(names, API))


ROUTES: list[Route] = [
    ("GET", r"login\.microsoftonline\.com/common/discovery/instance", instances),
    ("GET", r"login\.microsoftonline\.com/.*openid-configuration$", configuration),
    ("POST", r"login\.microsoftonline\.com/.*token$", sign_in),
    ("GET", r"management\.azure\.com/metadata/endpoints$", clouds),
    ("GET", r"management\.azure\.com/subscriptions$", subscriptions),
    ("GET", rf"management\.azure\.com{WORKSPACE_PATH}$", workspace),
    ("GET", r"api\.azureml\.ms/discovery$", discovery),
]
