"""An example for every shape: what is said in it, else what its type and bounds ask for."""

from typing import Any

PLAIN = {
    "uuid": "01927f5e-7c3a-7b52-9d6e-0d8f0a1b2c3d",
    "date-time": "2027-03-12T09:00:00Z",
    "date": "2027-03-12",
    "time": "21:00:00",
    "uri": "https://example.com",
}
WORDS = {
    "name": "Bakery",
    "text": "Good morning!",
    "title": "Call Bob",
    "scopes": ["messages:read"],
    "code": "invalid",
    "url": "https://example.com/hooks",
}


def example(schema: dict[str, Any], shapes: dict[str, Any], name: str = "", depth: int = 0) -> Any:
    """A value that fits `schema`; `shapes` are the named ones it may refer to."""
    while "$ref" in schema or "anyOf" in schema:
        if "$ref" in schema:
            schema = shapes[schema["$ref"].rpartition("/")[2]]
        else:
            schema = next((each for each in schema["anyOf"] if each.get("type") != "null"), schema["anyOf"][0])
    for said in ("examples", "enum"):
        if schema.get(said):
            return schema[said][0]
    if schema.get("default") is not None and schema.get("type") != "array":
        return schema["default"]
    return _of_type(schema, shapes, name, depth)


def _of_type(schema: dict[str, Any], shapes: dict[str, Any], name: str, depth: int) -> Any:
    kind = schema.get("type")
    if kind == "object":
        wanted = schema.get("properties", {}) if depth < 3 else {}
        return {key: example(each, shapes, key, depth + 1) for key, each in wanted.items()}
    if kind == "array":
        inside = schema.get("items")
        several = WORDS.get(name)
        return several or ([example(inside, shapes, name, depth + 1)] if isinstance(inside, dict) and depth < 3 else [])
    if kind == "string":
        if name.endswith(("_at", "until", "since")) or name == "at":
            return PLAIN["date-time"]
        return PLAIN.get(schema.get("format", "")) or WORDS.get(name) or "x" * max(schema.get("minLength", 0), 3)
    least = schema.get("minimum", 1)
    return {"integer": int(least), "number": float(least) or 1.0, "boolean": False}.get(str(kind))
