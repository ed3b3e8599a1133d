"""Templates into pages, with everything escaped, and how times, counts and states are written."""

import json
import re
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from litestar import Response
from markupsafe import Markup

from concierge.console.model import Operator
from concierge.console.policy import SELF_ONLY

HERE = Path(__file__).parent
HEADERS = {
    "content-security-policy": SELF_ONLY,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}
SAID = {
    "retried": "It will be tried again.",
    "cancelled": "Cancelled.",
    "resolved": "Settled as you said.",
    "saved": "Saved.",
    "queued": "Queued for sending.",
    "paused": "Paused.",
    "resumed": "Resumed.",
    "done": "Done.",
    "scheduled": "It will be said then.",
    "taken": "You lead this conversation; the bot is silent.",
    "given": "The bot leads again, from the next message on.",
    "closed": "Closed. Their next message opens a new conversation.",
    "removed": "Removed. It takes and sends nothing more; what was said stays in the inbox.",
    "archived": "Archived. It answers nobody any more.",
    "booked": "Booked. Below stands what will be sent, and when.",
    "merged": "They are one contact now.",
    "erased": "Forgotten.",
    "suppressed": "This address is not written to any more.",
    "lifted": "This address may be written to again.",
    "granted": "The credits are there.",
    "asked": "It will be there within seconds.",
    "called": "It comes within seconds.",
    "queued_draft": "A model writes it; look again in a moment.",
}
"""What a page says after an action, by the word in `?said=`: a link can make it say nothing else."""
VISITOR = "visitor:"  # before the number that a browser gave itself
TASK = re.compile(r"\btask(?=s?\b)")
BOUND = 10_000  # counts stop here, and are shown as 10,000+


def page(template: str, operator: Operator, /, **facts: Any) -> Response[str]:
    """The page over the layout; `facts` are the template's."""
    return _answer(template, 200, operator=operator, **facts)


def plain(template: str, code: int = 200, /, **facts: Any) -> Response[str]:
    """A page for nobody in particular: signing in, and what went wrong."""
    return _answer(template, code, operator=None, **facts)


def back(path: str, *, said: str | None = None) -> Response[None]:
    """After an action: see the page anew, which says what was done."""
    query = f"?{urlencode({'said': said})}" if said else ""
    return Response(None, status_code=303, headers={"location": f"/console{path}{query}"})


def _answer(template: str, code: int, /, **facts: Any) -> Response[str]:
    content = (
        _environment().get_template(f"{template}.html").render(facts | {"said": SAID.get(facts.get("said") or "")})
    )
    return Response(content, status_code=code, headers=HEADERS, media_type="text/html; charset=utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "moment": moment,
        "ago": ago,
        "address": address,
        "count": count,
        "state": state,
        "duration": duration,
        "clock": clock,
        "printed": printed,
        "there": there,
        "field": field,
        "words": words,
        "size": size,
    }
    environment.globals |= {"asset": asset}
    return environment


@pass_context
def moment(context: Context, at: datetime | None) -> Markup | str:
    """A time as the tenant's clocks show it; the exact one on hovering."""
    if at is None:
        return "–"
    operator: Operator | None = context.get("operator")
    local = at.astimezone(ZoneInfo(operator.zone) if operator else UTC)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        at.isoformat(), local.strftime("%A %-d %B %Y %H:%M:%S %Z"), local.strftime("%-d %b %Y %H:%M")
    )


def there(at: datetime | None, zone: str) -> str:
    """A time as the clocks of some place show it."""
    return clock(at.astimezone(ZoneInfo(zone)) if at else None)


def clock(wall: datetime | None) -> str:
    """A time as the clock of some place shows it."""
    return wall.strftime("%A %-d %B %Y %H:%M") if wall else "–"


@pass_context
def field(context: Context, at: datetime | None) -> str:
    """A time as an input of a form has it: on the tenant's clock, where it is an instant."""
    if at is None:
        return ""
    return (at if at.tzinfo is None else at.astimezone(ZoneInfo(context["operator"].zone))).strftime("%Y-%m-%dT%H:%M")


def address(value: str) -> str:
    """An address as people tell it from others: of a visitor's long number, the beginning."""
    return value[: len(VISITOR) + 8].replace(":", " ") if value.startswith(VISITOR) else value


def ago(seconds: float | None) -> str:
    """How long something has been waiting."""
    return "–" if seconds is None else f"{duration(seconds)} ago"


def duration(seconds: float | None) -> str:
    """Seconds in the largest unit that says enough."""
    if seconds is None:
        return "–"
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def count(number: int) -> str:
    """A count that may have stopped counting."""
    return f"{BOUND:,}+" if number > BOUND else f"{number:,}"


def printed(value: Any) -> str:
    """JSON as a person reads it."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def state(word: str) -> Markup:
    """A state as a mark whose colour its meaning gives; the word stands in it for those who see no colours."""
    return Markup('<span class="state {}">{}</span>').format(word, word.replace("_", " "))


def words(name: str) -> str:
    """The name of a state, a kind or a field, as a person would write it, who says follow-up for a task.

    What is written in words stays as it is: a reason may hold the name of a key.
    """
    return name if " " in name else TASK.sub("follow-up", name.replace("_", " "))


def size(number: int | None) -> str:
    """Bytes in the unit that says enough."""
    if number is None:
        return ""
    for unit, one in (("MB", 1_000_000), ("kB", 1_000)):
        if number >= one:
            return f"{number / one:.1f} {unit}"
    return f"{number} bytes"


@cache
def asset(name: str) -> str:
    """Where a static file is, under an address that changes with it."""
    content = (HERE / "static" / name).read_bytes()
    return f"/console/static/{name}?{sha256(content).hexdigest()[:8]}"
