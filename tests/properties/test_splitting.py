"""A long text loses nothing, is cut where it can be, and fits."""

from hypothesis import given
from hypothesis import strategies as st

from concierge.outbox.splitting import split, split_bytes

WORDS = st.sampled_from(
    ["a", "word", "Straße", "日本語", "👩\u200d👩\u200d👧", "end.", "Really?\n", "\n\n", "x" * 30, "…"]
)
TEXTS = st.lists(WORDS, max_size=60).map(" ".join) | st.text(max_size=300)


def bare(text: str) -> str:
    return "".join(text.split())


@given(text=TEXTS, limit=st.integers(8, 120))
def test_by_characters(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(len(part) <= limit for part in parts)
    assert bare("".join(parts)) == bare(text)
    assert parts == [text] if len(text) <= limit else all(parts) or not text.strip()


@given(text=TEXTS, limit=st.integers(8, 120))
def test_by_bytes(text: str, limit: int) -> None:
    parts = split_bytes(text, limit)
    assert all(len(part.encode()) <= limit for part in parts)
    assert bare("".join(parts)) == bare(text)


def test_borders() -> None:
    assert split("One two. Three four five.", 16) == ["One two.", "Three four five."]
    assert split("First part.\n\nSecond. Third.", 22) == ["First part.", "Second. Third."]
    assert split("alpha beta gamma", 11) == ["alpha beta", "gamma"]
    assert split("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]


def test_an_emoji_stays_whole() -> None:
    family = "👩\u200d👩\u200d👧"
    assert split("xxxxxxx" + family, 9) == ["xxxxxxx", family]
