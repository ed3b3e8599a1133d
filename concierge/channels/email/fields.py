"""Takes members out of a JSON object and remembers all that is wrong with them, so that one answer names it all."""

from collections.abc import Mapping
from datetime import UTC, datetime

from concierge.channels.decoding import clean
from concierge.channels.email.addresses import Mailbox, mailbox, mailboxes
from concierge.errors import Malformed


class Fields:
    """The members of one JSON object. `faults` says what is wrong, by JSON pointer."""

    def __init__(self, document: Mapping[str, object]) -> None:
        self._document = document
        self.faults: dict[str, str] = {}

    def malformed(self) -> Malformed:
        """The error naming every field at fault; its pointer is the first one's."""
        told = "; ".join(f"{pointer}: {fault}" for pointer, fault in self.faults.items())
        return Malformed(told or None, pointer=next(iter(self.faults), None))

    def text(self, name: str) -> str | None:
        """A string, without NUL bytes; None where it is absent or null."""
        value = self._document.get(name)
        if isinstance(value, str):
            return clean(value)
        if value is not None:
            self.faults[f"/{name}"] = "a string is expected"
        return None

    def texts(self, name: str) -> list[str]:
        """A string or a list of strings."""
        return self._strings(self._document.get(name), f"/{name}")

    def sender(self, name: str) -> Mailbox | None:
        """One address, which must be there."""
        text = self.text(name)
        found = mailbox(text) if text else None
        if found is None:
            self.faults.setdefault(f"/{name}", "an email address is required")
        return found

    def recipients(self, name: str) -> list[Mailbox]:
        """At least one address, in a string with commas or in a list."""
        found: list[Mailbox] = []
        for text in self.texts(name):
            known = mailboxes(text)
            if known is None:
                self.faults[f"/{name}"] = "holds something that is no email address"
            found.extend(known or ())
        if not found:
            self.faults.setdefault(f"/{name}", "an email address is required")
        return found

    def instant(self, name: str) -> datetime | None:
        """ISO 8601 (UTC where it names no zone) or unix seconds."""
        value = self._document.get(name)
        try:
            if isinstance(value, str):
                moment = datetime.fromisoformat(value.strip())
                return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
            if isinstance(value, int | float) and not isinstance(value, bool):
                return datetime.fromtimestamp(value, UTC)
        except (ValueError, OverflowError, OSError):
            self.faults[f"/{name}"] = "is no date"
            return None
        if value is not None:
            self.faults[f"/{name}"] = "an ISO 8601 date or unix seconds are expected"
        return None

    def headers(self, name: str) -> dict[str, str]:
        """Header names in lower case to their values; a repeated header's values are joined by commas."""
        value = self._document.get(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.faults[f"/{name}"] = "an object is expected"
            return {}
        return {
            clean(str(key)).strip().lower(): ", ".join(self._strings(one, f"/{name}/{_escaped(str(key))}"))
            for key, one in value.items()
        }

    def _strings(self, value: object, pointer: str) -> list[str]:
        if value is None:
            return []
        values: list[object] = value if isinstance(value, list) else [value]
        texts = [clean(one) for one in values if isinstance(one, str)]
        if len(texts) < len(values):
            self.faults[pointer] = "a string or a list of strings is expected"
        return texts


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
