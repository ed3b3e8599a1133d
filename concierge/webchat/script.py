"""The widget's script: the files of `widget/` as one, read once a process. A page needs nothing else."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from msgspec import Struct
from msgspec.json import encode

FOLDER = Path(__file__).parent / "widget"
PARTS = ("words", "session", "outbox", "stream", "view", "start")  # in the order in which they need each other
FRESH = 300  # seconds a browser uses it without asking


class Script(Struct, frozen=True):
    """What is served, and its name for caches."""

    content: bytes
    etag: str


@cache
def script() -> Script:
    """One function, so that the page keeps its own names; the style stands in it as a string."""
    style = encode((FOLDER / "style.css").read_text()).decode()
    parts = "\n".join((FOLDER / f"{part}.js").read_text() for part in PARTS)
    content = f'(() => {{\n"use strict";\nconst STYLE = {style};\n{parts}}})();\n'.encode()
    return Script(content, f'"{sha256(content).hexdigest()[:16]}"')


@get("/widget.js", include_in_schema=False)
async def widget(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The script, for any page: what the page may do is decided when it opens a session."""
    found = script()
    headers = {
        "etag": found.etag,
        "cache-control": f"public, max-age={FRESH}",
        "cross-origin-resource-policy": "cross-origin",
        "x-content-type-options": "nosniff",
    }
    if request.headers.get("if-none-match") == found.etag:
        return Response(b"", status_code=304, headers=headers, media_type="text/javascript")
    return Response(found.content, headers=headers, media_type="text/javascript; charset=utf-8")
