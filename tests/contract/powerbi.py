"""Power BI as far as its contract is published: what it reads, maps, sends and expects.

No Power BI runs here. The rules are those of Microsoft's page "Configure Power BI integration
for Azure Machine Learning": Swagger 2.0, `Inputs`, `GlobalParameters` and `Results` in exactly
this case, every field a scalar parameter of a Power Query function, one result per row. Which
types are such parameters says `deploy.checks.power_bi`, which checks a service before.
"""

from __future__ import annotations

from typing import Any

import requests

from deploy.checks.power_bi import parameter_type


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
    _results(answer["properties"]["Results"])
    found: dict[str, str] = {}
    for part in {"Inputs", "GlobalParameters"} & body["properties"].keys():
        schema = body["properties"][part]
        if part == "Inputs" and "properties" not in schema:
            raise NotForPowerBI(f"{part}: {schema.get('type')} instead of an object with a table")
        if "properties" not in schema:
            found[part] = _scalar(part, schema)
        for name, field in schema.get("properties", {}).items():
            found |= _parameters(f"{part}.{name}", name, field)
    return found


def _results(schema: dict[str, Any]) -> None:
    if schema["type"] != "array":
        raise NotForPowerBI("Results: not an array")
    # Swagger 2.0 cannot say that methods answer different things: there is no type then.
    items = schema.get("items", {})
    for form in items.get("x-one-of", [items]):
        fields = form.get("properties", {"Results": form})
        for name, field in fields.items():
            if field.get("type", "string") not in ("string", "integer", "number", "boolean"):
                raise NotForPowerBI(f"Results: {name} is {field['type']}, no value and no record")


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
