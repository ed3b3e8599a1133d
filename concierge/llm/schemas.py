"""JSON schemas of answers, as strict structured output wants them."""

from typing import Any

import msgspec


def schema_of(shape: type[Any]) -> dict[str, Any]:
    """The schema of a msgspec type, every `$ref` inlined and every field required. It must not refer to itself."""
    schema = msgspec.json.schema(shape)
    inlined: dict[str, Any] = _inlined(schema, schema.get("$defs", {}))
    return inlined


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_inlined(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(definitions[schema["$ref"].removeprefix("#/$defs/")], definitions)
    inlined = {name: _inlined(each, definitions) for name, each in schema.items() if name not in {"$defs", "default"}}
    if "properties" in inlined:
        inlined["required"] = list(inlined["properties"])
    return inlined


_UNSUPPORTED = frozenset({"title", "description", "default", "minimum", "maximum", "maxLength", "maxItems"})


_strict: dict[type[Any], dict[str, Any]] = {}


def strict_schema_of(shape: type[Any]) -> dict[str, Any]:
    """As OpenAI's strict mode and its imitators take it: objects closed, no bounds (decoding checks them again).

    Made once for each shape, so not to be changed.
    """
    if shape not in _strict:
        _strict[shape] = _closed(schema_of(shape))
    return _strict[shape]


def _closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: _closed(each) for name, each in schema.items() if name not in _UNSUPPORTED or name == "properties"}
    if "properties" in schema:
        kept["properties"] = {name: _closed(each) for name, each in schema["properties"].items()}
        kept["additionalProperties"] = False
    return kept
