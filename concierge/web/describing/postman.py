"""The description as a Postman collection (format 2.1): one request an operation, one folder a tag."""

import json
from collections import defaultdict
from typing import Any

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


def collection(described: dict[str, Any]) -> dict[str, Any]:
    """Every operation with its example; `baseUrl` and `apiKey` are variables."""
    folders: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path, item in described["paths"].items():
        for method, operation in item.items():
            folders[operation["tags"][0]].append(_request(path, method, operation))
    return {
        "info": {"name": described["info"]["title"], "schema": SCHEMA, "version": described["info"]["version"]},
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{apiKey}}", "type": "string"}]},
        "variable": [{"key": "baseUrl", "value": "http://127.0.0.1:3000"}, {"key": "apiKey", "value": ""}],
        "item": [{"name": tag, "item": requests} for tag, requests in sorted(folders.items())],
    }


def _request(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    parts = [f":{part[1:-1]}" if part.startswith("{") else part for part in path.strip("/").split("/")]
    inputs = operation.get("parameters", [])
    request: dict[str, Any] = {
        "method": method.upper(),
        "description": operation["description"],
        "header": [],
        "url": {
            "raw": "{{baseUrl}}/" + "/".join(parts),
            "host": ["{{baseUrl}}"],
            "path": parts,
            "variable": [{"key": each["name"], "value": ""} for each in inputs if each["in"] == "path"],
            "query": [
                {"key": each["name"], "value": "", "description": each.get("description", ""), "disabled": True}
                for each in inputs
                if each["in"] == "query"
            ],
        },
    }
    if "requestBody" in operation:
        (content,) = operation["requestBody"]["content"].values()
        request["header"].append({"key": "content-type", "value": "application/json"})
        request["body"] = {"mode": "raw", "raw": _pretty(content["example"])}
    return {"name": operation["summary"], "request": request}


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
