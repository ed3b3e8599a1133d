"""The style and the scripts; their addresses change with their content, so browsers may keep them for ever."""

from litestar import Response, get
from litestar.params import FromPath

from concierge.console.rendering import HERE
from concierge.errors import Missing

KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FILES = {path.name: path for path in (HERE / "static").iterdir() if path.suffix in KINDS}


@get("/static/{name:str}")
async def static_file(name: FromPath[str]) -> Response[bytes]:
    """One of the few files there are."""
    if (path := FILES.get(name)) is None:
        raise Missing("there is no such file")
    headers = {"cache-control": "public, max-age=31536000, immutable", "x-content-type-options": "nosniff"}
    return Response(path.read_bytes(), headers=headers, media_type=f"{KINDS[path.suffix]}; charset=utf-8")


HANDLERS = (static_file,)
