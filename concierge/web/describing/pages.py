"""For people and their tools: the document, the list of operations, and a page for each code of a problem.

Rendered here, without scripts and without anything from elsewhere; `reference` is the page to browse.
"""

import json
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from litestar import MediaType, Response, get
from litestar.params import FromPath

from concierge import errors
from concierge.errors import Missing, Rejected

DOCUMENT = Path(__file__).with_name("openapi.json")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
:root {{ color-scheme: light dark }}
code, pre {{ font: .9rem/1.4 ui-monospace, monospace }}
pre {{ overflow-x: auto; padding: .5rem; border: 1px solid #8886 }}
summary {{ cursor: pointer; padding: .2rem 0 }}
b.method {{ display: inline-block; width: 4.5rem }}
</style>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""
OTHERS = {
    "try-again": (503, "The database does not answer at the moment. Repeat the request in a few seconds."),
    "internal-error": (500, "Something went wrong on our side. The log has the correlation id of the answer."),
}


@get("/schema/openapi.json", include_in_schema=False)
async def show_document() -> Response[bytes]:
    """The description, for tools."""
    return Response(_bytes(), media_type="application/vnd.oai.openapi+json")


@get("/schema/plain", media_type=MediaType.HTML, include_in_schema=False)
async def show_operations() -> Response[str]:
    """The description, for people, without scripts."""
    return _page("The HTTP API", _operations())


@get("/problems/{code:str}", media_type=MediaType.HTML, include_in_schema=False)
async def show_problem(code: FromPath[str]) -> Response[str]:
    """What the `type` of a problem points to. Raises Missing."""
    if code not in catalogue():
        raise Missing("there is no such code")
    status, words = catalogue()[code]
    body = f"<p>HTTP status {status}.</p><p>{escape(words)}</p><p><a href='/problems'>All codes</a></p>"
    return _page(code, body)


@get("/problems", media_type=MediaType.HTML, include_in_schema=False)
async def list_problems() -> Response[str]:
    """Every code."""
    rows = (
        f"<li><a href='/problems/{code}'><code>{code}</code></a> ({status}) {escape(words)}</li>"
        for code, (status, words) in sorted(catalogue().items())
    )
    return _page("Problems", f"<ul>{''.join(rows)}</ul>")


@cache
def catalogue() -> dict[str, tuple[int, str]]:
    """Status and meaning of every code: the errors themselves say it."""
    named = (getattr(errors, name) for name in errors.__all__)
    rejected = (each for each in named if issubclass(each, Rejected))
    return {each.code: (each.status, (each.__doc__ or "").strip()) for each in rejected} | OTHERS


@cache
def _bytes() -> bytes:
    return DOCUMENT.read_bytes()


@cache
def _operations() -> str:
    described: dict[str, Any] = json.loads(_bytes())
    rows = [
        _operation(path, method, operation)
        for path, item in described["paths"].items()
        for method, operation in item.items()
    ]
    about = escape(described["info"]["description"]).replace("\n\n", "</p><p>")
    return f"<p>{about}</p><p><a href='/schema/openapi.json'>OpenAPI 3.1</a></p>{''.join(rows)}"


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    taken = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
    given = next(iter(operation["responses"].items()))
    shown = given[1].get("content", {}).get("application/json", {}).get("example")
    asked = "".join(
        f"<li><code>{escape(each['name'])}</code> ({each['in']}) {escape(each.get('description', ''))}</li>"
        for each in operation.get("parameters", [])
    )
    blocks = "".join(
        f"<p>{title}</p><pre>{escape(json.dumps(value, indent=2, ensure_ascii=False))}</pre>"
        for title, value in (("Takes", taken), (f"Answers {given[0]}", shown))
        if value is not None
    )
    scope = f"<p>Scope: <code>{escape(operation['x-scope'])}</code></p>" if "x-scope" in operation else ""
    return (
        f"<details id='{operation['operationId']}'><summary><b class='method'>{method.upper()}</b>"
        f"<code>{escape(path)}</code> {escape(operation['summary'])}</summary>"
        f"<p>{escape(operation['description'])}</p>{scope}<ul>{asked}</ul>{blocks}</details>"
    )


def _page(title: str, body: str) -> Response[str]:
    return Response(
        PAGE.format(title=escape(title), body=body),
        media_type=MediaType.HTML,
        headers={"content-security-policy": POLICY, "x-content-type-options": "nosniff"},
    )


HANDLERS = (show_document, show_operations, show_problem, list_problems)
