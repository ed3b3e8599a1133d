"""Where many cases are one test, none is lost."""

import pytest

from tests.each import each


def test_every_case_is_tried_and_every_failure_named() -> None:
    tried = []

    @each("n", range(5))
    def odd(n: int) -> None:
        tried.append(n)
        assert n % 2, "even"

    with pytest.raises(ExceptionGroup, match=r"3 of 5 cases fail, n: 0 \| n: 2 \| n: 4") as raised:
        odd()
    assert tried == [0, 1, 2, 3, 4]
    assert [error.__notes__ for error in raised.value.exceptions] == [["n: 0"], ["n: 2"], ["n: 4"]]
    assert all("even" in str(error) for error in raised.value.exceptions)


@each(("text", "number"), [("12", 12), ("7", 7)])
async def test_a_case_may_have_several_values_and_be_awaited(text: str, number: int, anyio_backend: object) -> None:
    assert int(text) == number


async def test_what_is_awaited_fails_too() -> None:
    @each("text", ["12", "twelve"])
    async def number(text: str) -> None:
        with pytest.raises(ValueError, match="invalid literal"):
            int(text)

    with pytest.raises(ExceptionGroup, match="1 of 2 cases fail, text: '12'"):
        await number()


def test_no_case_is_skipped_and_none_begins_after_the_time_is_up() -> None:
    tried = []

    @each("reason", ["not here", "Timeout (>60s) from pytest-timeout.", "later"])
    def never(reason: str) -> None:
        tried.append(reason)
        (pytest.skip if reason == "not here" else pytest.fail)(reason)

    with pytest.raises(pytest.fail.Exception, match="pytest-timeout"):
        never()
    assert len(tried) == 2

    @each("n", [1, 2])
    def skipped(n: int) -> None:
        if n == 1:
            pytest.skip("not here")

    with pytest.raises(ExceptionGroup, match="1 of 2 cases fail, n: 1"):
        skipped()


def test_no_case_at_all_is_an_error() -> None:
    with pytest.raises(ValueError, match="no cases of n"):
        each("n", [])
