"""From variables to Settings, and to the file that names them all."""

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import NODEFAULT

from concierge.errors import SettingsError
from concierge.secret import Secret
from concierge.settings.fields import NEEDED, PAIRS, Settings
from concierge.variables import CHECKS

_HIDDEN = re.compile("KEY|TOKEN|SECRET|PASSWORD|URL|DSN")
_FIELDS = {field.name: field for field in msgspec.structs.fields(Settings)}
_TYPES: Mapping[str, Any] = get_type_hints(Settings, include_extras=True)


def load(environ: Mapping[str, str]) -> Settings:
    """Read the settings; raises SettingsError naming every missing or wrong variable at once."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, field in _FIELDS.items():
        try:
            text = _text(name, environ)
            if text is not None:
                values[name] = _value(name, text)
            elif field.default is NODEFAULT:
                problems[name] = _missing(name)
            else:
                values[name] = field.default
        except ValueError as error:
            problems[name] = str(error)
    for name, problem in _contradictions(values):
        problems.setdefault(name, problem)
    if problems:
        lines = [problems[name] for name in _FIELDS if name in problems]
        raise SettingsError("\n  ".join([f"{len(lines)} setting(s) missing or wrong:", *lines]))
    return Settings(**values)


def example() -> str:
    """The text of `.env.example`: every variable with its description and default."""
    entries = ["# Every setting of Concierge; copy to .env. Empty means unset. Made from concierge/settings/fields.py."]
    for name, field in _FIELDS.items():
        comment = f"# {_description(name)}"
        if field.default is NODEFAULT:
            comment += "; required"
        for (other, value), names in NEEDED.items():
            comment += f"; required with {other.upper()}={value}" if name in names else ""
        default = "" if field.default in (NODEFAULT, None) else str(field.default)
        entries.append(f"{comment}\n{name.upper()}={shlex.quote(default) if default else default}")
    return "\n\n".join(entries) + "\n"


def _text(name: str, environ: Mapping[str, str]) -> str | None:
    """The variable's text or its file's; None when unset or empty."""
    variable = name.upper()
    text = environ.get(variable, "").strip()
    path = environ.get(f"{variable}_FILE", "").strip() if _HIDDEN.search(variable) else ""
    if not path:
        return text or None
    if text:
        raise ValueError(f"{variable} and {variable}_FILE are both set")
    try:
        return Path(path).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{variable}_FILE={path!r} cannot be read: {type(error).__name__}") from None


def _value(name: str, text: str) -> Any:
    """The text as the field's type; raises ValueError with the line to show."""
    shape = get_args(_TYPES[name])[0]
    many = list in (get_origin(shape), *map(get_origin, get_args(shape)))
    raw = [part.strip() for part in text.split(",") if part.strip()] if many else text
    try:
        value = msgspec.convert(raw, _TYPES[name], strict=False, dec_hook=lambda _type, text: Secret(text))
        if name in CHECKS:
            CHECKS[name](value)
    except ValueError as error:
        variable = name.upper()
        if _HIDDEN.search(variable):
            raise ValueError(f"{variable} is wrong ({_description(name)})") from None
        raise ValueError(f"{variable}={text!r}: {error} ({_description(name)})") from None
    return value


def _contradictions(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What each field says about others: (name, problem) pairs."""
    for (name, value), needed in NEEDED.items():
        if values.get(name) == value:
            for other in needed:
                if other in values and values[other] is None:
                    yield other, f"{_missing(other)}, needed with {name.upper()}={value}"
    for pair in PAIRS:
        for name, other in (pair, pair[::-1]):
            if values.get(name) and other in values and values[other] is None:
                yield other, f"{_missing(other)}, needed with {name.upper()}"


def _missing(name: str) -> str:
    return f"{name.upper()} is missing ({_description(name)})"


def _description(name: str) -> str:
    """What the field is for, and what it may be where that is a short list."""
    annotated, meta = get_args(_TYPES[name])[:2]
    choices = get_args(annotated) if get_origin(annotated) is Literal else ()
    return str(meta.description) + (f"; one of {', '.join(choices)}" if choices else "")
