"""The link in an e-mail. Looking at it changes nothing (mail scanners do); the button does, and RFC 8058's POST."""

from html import escape

from litestar import MediaType, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from concierge.consent import store
from concierge.consent.unsubscribing import PATH, reader, unsubscribe
from concierge.consent.wording import phrases
from concierge.errors import Missing
from concierge.languages.speaking import FIRST, spoken
from concierge.runtime import Runtime

PAGE = """<!doctype html>
<html lang="{language}" dir="{direction}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>{title}</title>
<body style="font: 1.1rem/1.5 system-ui, sans-serif; max-width: 30rem; margin: 4rem auto; padding: 0 1rem">
<h1>{title}</h1>
<p>{text}</p>
{form}
</body>
</html>
"""
FORM = '<form method="post"><button style="font: inherit; padding: .5rem 1rem">{button}</button></form>'


@get(PATH + "/{token:str}", media_type=MediaType.HTML)
async def ask_to_unsubscribe(token: FromPath[str], runtime: NamedDependency[Runtime]) -> str:
    """A page with a button."""
    whom = reader(runtime.settings, token)
    async with runtime.connection() as conn:
        sender = await store.sender_of(conn, whom.identity_id, tenant_id=whom.tenant_id)
    if sender is None:
        raise Missing("this link is not one of ours")
    words = phrases(sender.language)
    asked = words.question.format(sender=sender.name)
    return _page(sender.language, words.unsubscribe, asked, FORM.format(button=escape(words.unsubscribe)))


@post(PATH + "/{token:str}", media_type=MediaType.HTML, status_code=200)
async def unsubscribe_now(token: FromPath[str], runtime: NamedDependency[Runtime]) -> str:
    """Done at once, with one click and without any login; harmless to repeat."""
    whom = reader(runtime.settings, token)
    async with runtime.connection() as conn:
        await unsubscribe(conn, whom, now=runtime.clock())
        sender = await store.sender_of(conn, whom.identity_id, tenant_id=whom.tenant_id)
    language = sender.language if sender else FIRST
    return _page(language, phrases(language).done, phrases(language).ended)


def _page(language: str, title: str, text: str, form: str = "") -> str:
    ours = spoken(language)
    direction = "rtl" if ours == "ar" else "ltr"
    return PAGE.format(language=ours, direction=direction, title=escape(title), text=escape(text), form=form)


HANDLERS = (ask_to_unsubscribe, unsubscribe_now)
