"""Mail that no person wrote: answering it would start a loop or bother a list.

Rules: RFC 3834 and the common practice in mail software: lists, bulk mail, autoresponders.
"""

from collections.abc import Mapping

ROBOTS = frozenset({"mailer-daemon", "postmaster", "no-reply", "noreply", "donotreply", "do-not-reply"})
BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
SUPPRESSED = frozenset({"all", "autoreply"})  # of X-Auto-Response-Suppress ([MS-OXCMAIL] 2.2.3.2.14)
# fmt: off
AWAY = (
    "automatic reply", "auto reply", "auto-reply", "autoreply", "out of office", "automatische antwort",
    "abwesenheitsnotiz", "abwesend:", "réponse automatique", "absence du bureau", "respuesta automática",
    "fuera de la oficina", "risposta automatica", "resposta automática", "automatisch antwoord", "afwezigheid",
    "automatyczna odpowiedź", "autosvar", "автоответ", "自动回复", "自動回覆", "自動応答",
)
# fmt: on


def reason(headers: Mapping[str, str], sender: str, own: str) -> str | None:
    """Why nobody should be answered; None for mail a person wrote.

    `headers` has its names in lower case; `sender` and `own` (the account it was sent to) are lower-case addresses.
    """
    signs = (
        (sender == own, "own-address"),
        (_first_word(headers.get("auto-submitted", "no")) != "no", "auto-submitted"),
        (_first_word(headers.get("x-autoreply", "no")) != "no", "x-autoreply"),
        (_first_word(headers.get("precedence", "")) in BULK, "precedence"),
        ("list-id" in headers, "mailing-list"),
        (headers.get("return-path", "").strip() == "<>", "null-return-path"),
        (sender.partition("@")[0] in ROBOTS, "robot-address"),
        (_is_report(headers), "report"),
        ("list-unsubscribe" in headers, "mailing-list"),
        ("x-autorespond" in headers, "x-autoreply"),
        (bool(SUPPRESSED & _words(headers.get("x-auto-response-suppress", ""))), "auto-response-suppress"),
        (headers.get("subject", "").strip().lower().startswith(AWAY), "out-of-office"),
        (_first_word(headers.get("x-spam-flag", "")) == "yes", "spam"),
        (headers.get("x-spam-status", "").strip().lower().startswith("yes"), "spam"),
        (_first_word(headers.get("x-mailgun-sflag", "")) == "yes", "spam"),
    )
    return next((why for found, why in signs if found), None)


def _is_report(headers: Mapping[str, str]) -> bool:
    """A bounce or a read receipt: RFC 6522, RFC 8098."""
    return "x-failed-recipients" in headers or _first_word(headers.get("content-type", "")) == "multipart/report"


def _words(value: str) -> set[str]:
    return {word.strip().lower() for word in value.split(",")}


def _first_word(value: str) -> str:
    return value.partition(";")[0].strip().lower()
