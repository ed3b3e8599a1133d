"""The description says the type of every shape."""

from typing import Any

from concierge.web.describing.typed import NULL, typed
from tests.each import each

STRING = {"type": "string"}


@each(
    ("said", "shown"),
    [
        ({"anyOf": [STRING, NULL], "default": None}, {"type": ["string", "null"], "default": None}),
        ({"enum": ["in", "out"]}, {"type": "string", "enum": ["in", "out"]}),
        ({"anyOf": [{"enum": ["in"]}, NULL]}, {"type": ["string", "null"], "enum": ["in", None]}),
        ({"enum": [1, 2]}, {"type": "integer", "enum": [1, 2]}),
        ({"enum": [True]}, {"type": "boolean", "enum": [True]}),
        ({"enum": [1, "2"]}, {"enum": [1, "2"]}),
        ({}, {}),
        ({"anyOf": [{"$ref": "#/x"}, NULL]}, {"anyOf": [{"$ref": "#/x"}, NULL]}),
        ({"anyOf": [STRING, {"type": "integer"}, NULL]}, {"anyOf": [STRING, {"type": "integer"}, NULL]}),
        (
            {"type": "object", "properties": {"enum": {"anyOf": [STRING, NULL]}}, "default": {"enum": ["x"]}},
            {"type": "object", "properties": {"enum": {"type": ["string", "null"]}}, "default": {"enum": ["x"]}},
        ),
        (
            {"type": "array", "items": {"anyOf": [{"type": "integer", "minimum": 1}, NULL]}},
            {"type": "array", "items": {"type": ["integer", "null"], "minimum": 1}},
        ),
    ],
)
def test_a_shape_is_said_with_its_type(said: dict[str, Any], shown: dict[str, Any]) -> None:
    assert typed(said) == shown
