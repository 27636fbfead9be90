"""Power BI as far as its contract is published: what it reads, maps, sends and expects.

No Power BI runs here. The rules are those of Microsoft's page "Configure Power BI integration
for Azure Machine Learning": Swagger 2.0, `Inputs`, `GlobalParameters` and `Results` in exactly
this case, every field a scalar parameter of a Power Query function, one result per row. Which
types are such parameters says `deploy.powerbi`, which checks a service before it is deployed.
"""

from __future__ import annotations

from typing import Any

import requests

from deploy.powerbi import parameter_type


class NotForPowerBI(Exception):
    """The service cannot be offered as a function; the message names the field."""


def parameters(document: dict[str, Any]) -> dict[str, str]:
    """Return the function's parameters: `Inputs` and `GlobalParameters` by name, each a scalar.

    Raises:
        NotForPowerBI: a name is missing, or a field is not a scalar.
    """
    post = document["paths"]["/score"]["post"]
    body = _resolve(document, post["parameters"][0]["schema"])
    answer = _resolve(document, post["responses"]["200"]["schema"])
    for schema, name in ((body, "Inputs"), (answer, "Results")):
        if name not in schema["properties"]:
            raise NotForPowerBI(f"{name}: missing; there is {', '.join(schema['properties'])}")
    if answer["properties"]["Results"]["type"] != "array":
        raise NotForPowerBI("Results: not an array")
    found: dict[str, str] = {}
    for part in ("Inputs", "GlobalParameters"):
        fields = body["properties"].get(part, {"properties": {}})["properties"]
        for name, schema in fields.items():
            found |= _parameters(f"{part}.{name}", name, schema)
    return found


def _parameters(where: str, name: str, schema: dict[str, Any]) -> dict[str, str]:
    items = schema.get("items", {})
    if schema.get("type") == "array" and "properties" in items:
        columns = items["properties"].items()
        return {column: _scalar(f"{where}.{column}", inner) for column, inner in columns}
    return {name: _scalar(where, schema)}


def _scalar(where: str, schema: dict[str, Any]) -> str:
    kind = parameter_type(schema)
    if kind is None:
        raise NotForPowerBI(f"{where}: {schema.get('type', 'untyped')} is nothing Power BI knows")
    return kind


def _resolve(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    resolved: dict[str, Any] = document["definitions"][schema["$ref"].rsplit("/", 1)[1]]
    return resolved


def invoke(url: str, rows: list[dict[str, Any]], method: str = "predict") -> list[Any]:
    """Send one batch of rows and return the results, one per row."""
    body = {"Inputs": {"data": rows}, "GlobalParameters": {"method": method}}
    answer = requests.post(f"{url}/score", json=body, timeout=60)
    answer.raise_for_status()
    results: list[Any] = answer.json()["Results"]
    assert len(results) == len(rows)
    return results
