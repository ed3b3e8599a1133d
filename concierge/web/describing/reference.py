"""The description as a page to browse and to try requests in: Scalar, vendored (`scalar/README.md`).

Its policy lets it load and call nothing but this server; `/schema/plain` is the same without scripts.
"""

import gzip
from functools import cache
from pathlib import Path
from typing import Any

from litestar import MediaType, Request, Response, get

VERSION = "1.46.4"
FOLDER = Path(__file__).with_name("scalar")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {"content-security-policy": POLICY, "x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
SCRIPT = "text/javascript; charset=utf-8"


@get("/schema", media_type=MediaType.HTML, include_in_schema=False)
async def show_reference() -> Response[bytes]:
    """The page."""
    return Response(_file("page.html"), media_type="text/html; charset=utf-8", headers=HEADERS)


@get("/schema/page.js", include_in_schema=False)
async def show_start() -> Response[bytes]:
    """How Scalar is told what to show."""
    return Response(_file("page.js"), media_type=SCRIPT, headers=HEADERS)


@get(f"/schema/scalar-{VERSION}.js", include_in_schema=False)
async def show_scalar(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Scalar itself, compressed as it is kept, for ever: another version has another address."""
    kept = _file(f"scalar-{VERSION}.js.gz")
    headers = HEADERS | {"cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(gzip.decompress(kept), media_type=SCRIPT, headers=headers)
    return Response(kept, media_type=SCRIPT, headers=headers | {"content-encoding": "gzip"})


@cache
def _file(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


HANDLERS = (show_reference, show_start, show_scalar)
