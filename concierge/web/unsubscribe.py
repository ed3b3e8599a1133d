"""The link in an e-mail. Looking at it changes nothing (mail scanners do); the button does, and RFC 8058's POST."""

from html import escape

from litestar import MediaType, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from concierge.consent import store
from concierge.consent.unsubscribing import PATH, reader, unsubscribe
from concierge.errors import Missing
from concierge.runtime import Runtime

PAGE = """<!doctype html>
<html lang="en">
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
FORM = '<form method="post"><button style="font: inherit; padding: .5rem 1rem">Unsubscribe</button></form>'


@get(PATH + "/{token:str}", media_type=MediaType.HTML)
async def ask_to_unsubscribe(token: FromPath[str], runtime: NamedDependency[Runtime]) -> str:
    """A page with a button."""
    whom = reader(runtime.settings, token)
    async with runtime.connection() as conn:
        sender = await store.sender_of(conn, whom.identity_id, tenant_id=whom.tenant_id)
    if sender is None:
        raise Missing("this link is not one of ours")
    return PAGE.format(title="Unsubscribe", text=f"No more e-mails from {escape(sender)} to your address?", form=FORM)


@post(PATH + "/{token:str}", media_type=MediaType.HTML, status_code=200)
async def unsubscribe_now(token: FromPath[str], runtime: NamedDependency[Runtime]) -> str:
    """Done at once, with one click and without any login; harmless to repeat."""
    whom = reader(runtime.settings, token)
    async with runtime.connection() as conn:
        await unsubscribe(conn, whom, now=runtime.clock())
    return PAGE.format(title="You are unsubscribed", text="You will get no more e-mails from us.", form="")


HANDLERS = (ask_to_unsubscribe, unsubscribe_now)
