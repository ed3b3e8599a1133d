"""Every shape says its type, as OpenAPI 3.1 can: `type: [string, null]` for what msgspec says as a choice of two.

Readers have less to read, generators of clients know what an enum holds, and the page to browse need not
mend shapes without a type first, which took it a second (ADR 129).
"""

from typing import Any

NULL = {"type": "null"}
TYPES = {str: "string", bool: "boolean", int: "integer"}
INSIDE = ("items", "additionalProperties")


def typed(schema: Any) -> Any:
    """The same shape, with a type where msgspec leaves it out; anything but a shape as it is."""
    if not isinstance(schema, dict):
        return schema
    shape = {key: typed(each) if key in INSIDE else each for key, each in schema.items()}
    if "properties" in shape:
        shape["properties"] = {name: typed(each) for name, each in shape["properties"].items()}
    if "anyOf" in shape:
        return _of_several({**shape, "anyOf": [typed(each) for each in shape["anyOf"]]})
    kinds = {type(each) for each in shape.get("enum", ())}
    if "type" not in shape and len(kinds) == 1 and (kind := TYPES.get(*kinds)):
        return {"type": kind, **shape}
    return shape


def _of_several(shape: dict[str, Any]) -> dict[str, Any]:
    """One type or null is one shape; anything else stays a choice."""
    members = [each for each in shape["anyOf"] if each != NULL]
    if len(members) > 1 or not isinstance(members[0].get("type"), str):
        return shape
    rest = {key: each for key, each in shape.items() if key != "anyOf"}
    whole = {**members[0], **rest, "type": [members[0]["type"], "null"]}
    return {**whole, "enum": [*whole["enum"], None]} if "enum" in whole else whole
