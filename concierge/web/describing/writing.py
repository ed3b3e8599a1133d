"""Writes the description: `concierge describe` prints it, or the collection made from it."""

import json

from litestar.openapi.config import OpenAPIConfig

from concierge.web.app import build
from concierge.web.describing.document import document
from concierge.web.describing.postman import collection


def described() -> str:
    """The OpenAPI document, as it is committed and served."""
    return _json(document(build(OpenAPIConfig(title="Concierge", version="1", path="/described"))))


def collected(description: str) -> str:
    """The Postman collection of what is described."""
    return _json(collection(json.loads(description)))


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"
