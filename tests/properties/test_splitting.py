"""A long text in parts: nothing but space is lost, nothing is too long, and cuts fall where a reader would pause."""

from time import process_time

from hypothesis import example, given
from hypothesis import strategies as st

from concierge.channels.splitting import split, split_bytes
from tests.each import each

SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
texts = st.text(max_size=300) | st.text(alphabet="ab .!?\n\r\té👍🏽🇩🇪\u200d\u0301", max_size=300)


@given(text=texts, limit=st.integers(1, 60))
@example(text="abcd efg", limit=3)
@example(text="今日は。明日も。", limit=3)
def test_no_part_is_too_long_and_nothing_is_lost(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(len(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(text=texts, limit=st.integers(4, 60))
@example(text="abcde fgh", limit=4)
def test_bytes_are_counted_where_bytes_count(text: str, limit: int) -> None:
    parts = split_bytes(text, limit)
    assert all(len(part.encode()) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(text=texts)
def test_a_text_that_fits_stays_as_it_is(text: str) -> None:
    assert split(text, 300) == [text]


@given(words=st.lists(st.text(alphabet="abc", min_size=1, max_size=10), min_size=1, max_size=60))
def test_no_word_is_cut_that_fits(words: list[str]) -> None:
    parts = split(" ".join(words), 40)
    assert [word for part in parts for word in part.split()] == words


@each(
    ("text", "limit", "parts"),
    [
        ("One. Two.\n\nThree. Four.", 20, ["One. Two.", "Three. Four."]),
        ("One two.\nThree four.", 15, ["One two.", "Three four."]),
        ("One two.\r\n\r\nThree.\r\nFour five.", 24, ["One two.", "Three.\r\nFour five."]),
        ("Call Bob\nand Sue today", 16, ["Call Bob", "and Sue today"]),
        ("Well… yes and no", 12, ["Well…", "yes and no"]),
        ("One two. Three four.", 15, ["One two.", "Three four."]),
        ("Is it? “Yes.” No!", 14, ["Is it? “Yes.”", "No!"]),
        ("今日は。明日も。", 5, ["今日は。", "明日も。"]),
        ("真的？！好的吧", 5, ["真的？！", "好的吧"]),
        ("说“好。”明天吧", 6, ["说“好。”", "明天吧"]),
        ("one two three", 8, ["one two", "three"]),
        ("one two three", 7, ["one two", "three"]),  # the space behind what fits
        ("Hi.\n\nabcdefg hijklmn opq", 20, ["Hi.\n\nabcdefg hijklmn", "opq"]),  # no crumbs
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("👍🏽👍🏽👍🏽", 5, ["👍🏽👍🏽", "👍🏽"]),
        ("a👍🏻b👍🏿", 2, ["a", "👍🏻", "b", "👍🏿"]),  # the lightest and the darkest skin
        ("🇩🇪🇫🇷🇮🇹", 3, ["🇩🇪", "🇫🇷", "🇮🇹"]),
        ("🇦🇿🇦🇿", 3, ["🇦🇿", "🇦🇿"]),  # of the first letter and the last
        (f"a{SCOTLAND}", 7, ["a", SCOTLAND]),
        ("e\u0301e\u0301e\u0301", 3, ["e\u0301", "e\u0301", "e\u0301"]),
        ("👩\u200d👩\u200d👧👩\u200d👩\u200d👧", 8, ["👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"]),
        ("a\u0301\u0301\u0301\u0301", 2, ["a\u0301", "\u0301\u0301", "\u0301"]),  # a sign longer than the limit
        ("ab" + "\u0301" * 100, 90, ["ab" + "\u0301" * 88, "\u0301" * 12]),  # than any real one: no crumb for it
        ("", 5, [""]),
        ("      ", 3, [""]),
    ],
)
def test_where_it_cuts(text: str, limit: int, parts: list[str]) -> None:
    assert split(text, limit) == parts


def test_a_novel_takes_no_time() -> None:
    begun = process_time()
    assert len(split("word. " * 100_000)) > 100
    assert len(split_bytes("ü" * 100_000)) == 200
    assert process_time() - begun < 3
