"""The page of a development machine: a chat, and beside it what becomes of each message. Nobody else sees it."""

from pathlib import Path
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency, Provide

from concierge.console.policy import SELF_ONLY
from concierge.errors import Missing
from concierge.postgres.ops import ask, question
from concierge.runtime import Runtime
from concierge.webchat.admission import Desk, Visitor, provide_visitor
from concierge.webchat.api import provide_desk

FOLDER = Path(__file__).parent
KINDS = {"page.html": "text/html", "page.css": "text/css", "page.js": "text/javascript"}


async def require_development(runtime: NamedDependency[Runtime]) -> bool:
    """Raises Missing anywhere else."""
    if runtime.settings.concierge_env != "development":
        raise Missing("there is nothing here")
    return True


@get("/", include_in_schema=False)
async def page(development: NamedDependency[bool]) -> Response[bytes]:  # noqa: ARG001 - it is a guard
    """The page."""
    return _file("page.html")


@get("/welcome/page.css", include_in_schema=False)
async def style(development: NamedDependency[bool]) -> Response[bytes]:  # noqa: ARG001
    """How it looks."""
    return _file("page.css")


@get("/welcome/page.js", include_in_schema=False)
async def script(development: NamedDependency[bool]) -> Response[bytes]:  # noqa: ARG001
    """What it does."""
    return _file("page.js")


@get(
    "/webchat/sessions/{id:uuid}/timeline",
    dependencies={"desk": Provide(provide_desk), "visitor": Provide(provide_visitor)},
    include_in_schema=False,
)
async def timeline(
    development: NamedDependency[bool],  # noqa: ARG001
    desk: NamedDependency[Desk],
    visitor: NamedDependency[Visitor],
) -> dict[str, Any]:
    """What happened in the visitor's open conversation, as operators ask it."""
    if visitor.session.conversation_id is None:
        return {"data": []}
    async with desk.runtime.connection() as conn:
        answer = await ask(conn, question("timeline"), {"conversation": str(visitor.session.conversation_id)})
    return {"data": [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]}


def _file(name: str) -> Response[bytes]:
    headers = {"content-security-policy": SELF_ONLY, "cache-control": "no-cache", "x-content-type-options": "nosniff"}
    return Response((FOLDER / name).read_bytes(), headers=headers, media_type=f"{KINDS[name]}; charset=utf-8")


HANDLERS = (page, style, script, timeline)
DEPENDENCIES = {"development": Provide(require_development)}
