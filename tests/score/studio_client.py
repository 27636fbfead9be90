"""The requests of both formats, for the tests of the Studio door."""

from __future__ import annotations

from typing import Any

import requests

from deploy.servers.azmlinfsrv import Server


def table(columns: list[str], *rows: list[Any]) -> dict[str, Any]:
    return {"ColumnNames": columns, "Values": list(rows)}


def classic(**inputs: Any) -> dict[str, Any]:
    return {"Inputs": inputs, "GlobalParameters": {}}


def action(name: str, **columns: Any) -> dict[str, Any]:
    """Return a request that has tests/data/studio/actions do something."""
    return classic(input1=table(["do", *columns], [name, *columns.values()]))


def designer(name: str, **columns: Any) -> dict[str, Any]:
    return {"Inputs": {"WebServiceInput0": [{"do": name, **columns}]}}


def post(server: Server, body: Any, query: str = "") -> requests.Response:
    url = f"{server.score_url}?{query}" if query else server.score_url
    return requests.post(url, json=body, timeout=120)


def results(server: Server, body: Any, query: str = "") -> Any:
    answer = post(server, body, query)
    assert answer.status_code == 200, answer.text
    return answer.json()["Results"]


def refused(answer: requests.Response) -> tuple[int, str, str, str]:
    """Return status, code, detail's code and detail's message of an error."""
    error = answer.json()["error"]
    detail = error["details"][0]
    assert error["message"]
    return answer.status_code, error["code"], detail["code"], detail["message"]
