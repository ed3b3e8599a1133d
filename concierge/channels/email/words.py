"""Header values with encoded words (RFC 2047) and raw 8-bit characters, as text. Linear, and never raises."""

import re
from base64 import b64decode
from binascii import Error
from email.quoprimime import header_decode

LONGEST_HEADER = 20_000  # characters that are looked at; nobody means more

# fmt: off
_CHARSETS = {  # what senders say, and what it is (WHATWG Encoding, 4.2)
    "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "utf-8", "ascii": "utf-8",
    "gb2312": "gb18030", "gbk": "gb18030", "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "iso-8859-9": "cp1254",
    "iso-8859-8-i": "iso-8859-8", "shift_jis": "cp932", "unicode-1-1-utf-7": "utf-7", "x-sjis": "cp932",
    "windows-31j": "cp932", "x-euc-jp": "euc_jp", "ks_c_5601-1989": "cp949", "hz-gb-2312": "hz", "x-gbk": "gb18030",
    "x-x-big5": "big5", "windows-874": "cp874", "dos-874": "cp874", "x-mac-roman": "mac_roman", "x-cp1251": "cp1251",
}
# fmt: on
_WIDE = re.compile(r"[^\x00-\x7f]")
_WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,40})?\?([bBqQ])\?([^?\s]*)\?=")
_SPECIALS = re.compile(r'[<>@,;:"()\[\]\\]+')


def text_in(content: bytes, charset: str | None) -> str:
    """Bytes as text by their charset, else as UTF-8, else as windows-1252, which fits all.

    A charset that fits all but a few bytes costs these: somebody cut a character in two, or used one of their own.
    """
    name = (charset or "utf-8").strip("\"' \t").lower()
    own = _CHARSETS.get(name, name)
    seven_bits = content.isascii()  # such as ISO-2022-JP, which is UTF-8 to whoever does not know better
    ways = [(own, "strict"), *([(own, "replace")] if seven_bits else []), ("utf-8", "strict")]
    for codec, errors in (*ways, (own, "replace"), ("utf-8", "replace")):
        try:
            text = content.decode(codec, errors)
        except (LookupError, ValueError):  # ValueError: wrong bytes, or a name no codec could have
            continue
        if errors == "strict" or text.count("\ufffd") * 4 < len(_WIDE.findall(text)):
            return text
    return content.decode("cp1252", errors="replace")


def decoded(value: str, *, address: bool = False) -> str:
    """The value on one line. In an address header an encoded word is a name: it may not bring an address along."""
    value = text_in(value.encode(errors="surrogateescape")[:LONGEST_HEADER], None)
    told: list[str] = []
    at, held, charset = 0, b"", ""
    for word in _WORD.finditer(value):
        between = value[at : word.start()]
        if held and (between.strip() or word[1].lower() != charset):
            told.append(_named(held, charset, address=address))
            held = b""
        if between.strip() or not at:
            told.append(between)
        held, charset, at = held + _bytes(word[2], word[3]), word[1].lower(), word.end()
    if held:
        told.append(_named(held, charset, address=address))
    return " ".join("".join([*told, value[at:]]).replace("\0", "\ufffd").split())


def _named(content: bytes, charset: str, *, address: bool) -> str:
    text = text_in(content, charset)
    return _SPECIALS.sub(" ", text) if address else text


def _bytes(encoding: str, text: str) -> bytes:
    if encoding in "qQ":
        return header_decode(text).encode("latin-1", errors="replace")
    try:
        return b64decode(text + "=" * (-len(text) % 4))
    except (Error, ValueError):
        return text.encode()
