"""What a channel account is asked for when it is connected or changed, channel by channel."""

from typing import Literal

from msgspec import Struct

from concierge.console.entered import Entered


class Blank(Struct, frozen=True):
    """A field of the form. `shape`: how it is written; a secret is never shown again."""

    of: Literal["settings", "credentials"]
    name: str
    words: str
    hint: str = ""
    shape: Literal["line", "lines", "number", "box", "secret", "secrets"] = "line"
    machine: bool = False  # only for operators who see the machine


_TOKEN = Blank("credentials", "access_token", "Access token", "Meta’s, of a system user: it does not end", "secret")
_APP = Blank(
    "credentials",
    "webhook_secrets",
    "App secret",
    "proves Meta’s webhooks; two during a rotation, with a comma",
    "secrets",
)
_MANNERS = (
    Blank("settings", "rate", "Messages a second, at most", "blank: as the channel has it", "number"),
    Blank("settings", "burst", "Messages at once after a rest, at most", "blank: as the channel has it", "number"),
)

FIELDS: dict[str, tuple[Blank, ...]] = {
    "whatsapp": (
        Blank("settings", "business_account_id", "Business account", "Meta’s id of it: templates belong to it"),
        Blank("settings", "external_number", "The number as people dial it"),
        _TOKEN,
        _APP,
        *_MANNERS,
    ),
    "instagram": (
        Blank("settings", "human_agent", "Our people may answer for a week", "Meta grants it: Human Agent", "box"),
        _TOKEN,
        _APP,
        *_MANNERS,
    ),
    "email": (
        Blank("settings", "from_name", "Name of the sender", "as it stands before the address"),
        Blank("settings", "region", "AWS region", "SES: such as eu-central-1"),
        Blank("settings", "configuration_set", "Configuration set", "SES: reports what became of each mail"),
        Blank(
            "settings",
            "relay",
            "Whose SMTP server it is",
            "postmark, mailgun, sendgrid, brevo, resend; blank: its name",
        ),
        Blank("credentials", "aws_access_key_id", "AWS access key id", "SES: of a user who may send", "secret"),
        Blank("credentials", "aws_secret_access_key", "AWS secret access key", "SES", "secret"),
        Blank("credentials", "smtp_url", "SMTP server", "smtps://user:password@host:465", "secret", machine=True),
        Blank(
            "credentials", "access_token", "API key of the mail service", "Resend or Brevo: fetches what came", "secret"
        ),
        Blank(
            "credentials", "webhook_secrets", "Secret of its webhook", "two during a rotation, with a comma", "secrets"
        ),
        *_MANNERS,
    ),
    "webchat": (
        Blank("settings", "origins", "Pages that may show it", "https://shop.example, one a line", "lines"),
        *_MANNERS,
    ),
}


def filled(form: Entered, channel: str) -> dict[str, dict[str, object]]:
    """What the form says, as `settings` and `credentials` of an account; what is blank is left out. Raises Invalid."""
    said: dict[str, dict[str, object]] = {"settings": {}, "credentials": {}}
    for each in FIELDS.get(channel, ()):
        value: object = {
            "number": form.number,
            "box": form.ticked,
            "lines": form.lines,
            "secrets": form.lines,
        }.get(each.shape, form.word)(each.name)
        if value:
            said[each.of][each.name] = value
    if fallback := form.word("fallback"):
        said["settings"]["fallback"] = fallback
    return said
