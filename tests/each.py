"""Many cases of one promise as one test: a failure names every case that fails, each with its own assertion.

    @each(("text", "title"), TITLES)
    def test_a_title_is_what_is_to_be_done(text: str, title: str) -> None:
        assert one(text).title == title

It reads as `pytest.mark.parametrize`, which makes a test of each case at three milliseconds of pytest's and
pytest-xdist's own. That is for cases that need fixtures of their own: here all cases share what the test asks for.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from inspect import Signature, iscoroutinefunction, signature
from reprlib import Repr
from typing import Any

import pytest

Test = Callable[..., Any]
Case = Mapping[str, Any]
SHORT = Repr()
SHORT.maxstring = SHORT.maxother = 80


def each(names: str | tuple[str, ...], cases: Iterable[Any]) -> Callable[[Test], Test]:
    """Let a test try every case: a value for the one name, or as many values as there are names.

    Raises ValueError without any case: they were to be found somewhere, and are no longer.
    """
    every = [{names: case} if isinstance(names, str) else dict(zip(names, case, strict=True)) for case in cases]
    if not every:
        raise ValueError(f"no cases of {names}")

    def trying_all(test: Test) -> Test:
        async def awaited(*args: Any, **asked: Any) -> None:
            failed: list[Exception] = []
            for case in every:
                with _kept(failed, case):
                    await test(*args, **asked, **case)
            _tell(failed, len(every))

        def called(*args: Any, **asked: Any) -> None:
            failed: list[Exception] = []
            for case in every:
                with _kept(failed, case):
                    test(*args, **asked, **case)
            _tell(failed, len(every))

        whole = wraps(test)(awaited if iscoroutinefunction(test) else called)
        whole.__signature__ = _without(every[0], signature(test))
        return whole

    return trying_all


@contextmanager
def _kept(failed: list[Exception], case: Case) -> Iterator[None]:
    """Keep what fails, with a note that says which case it was; one that is skipped would take others along."""
    try:
        yield
    except (pytest.fail.Exception, pytest.skip.Exception) as error:  # of pytest.raises, among others
        if "pytest-timeout" in str(error):
            raise  # it rings once: nobody would end the next case
        # in a group there may be exceptions only
        failed.append(AssertionError(error.msg).with_traceback(error.__traceback__))
    except Exception as error:  # noqa: BLE001
        failed.append(error)
    else:
        return
    failed[-1].add_note(", ".join(f"{name}: {_shown(value)}" for name, value in case.items()))


def _tell(failed: list[Exception], tried: int) -> None:
    if failed:
        names = " | ".join(error.__notes__[-1] for error in failed)
        raise ExceptionGroup(f"{len(failed)} of {tried} cases fail, {names}", failed)


def _shown(value: Any) -> str:
    return SHORT.repr(getattr(value, "name", value))


def _without(case: Case, asks: Signature) -> Signature:
    """What is left for pytest to give."""
    return asks.replace(parameters=[wanted for name, wanted in asks.parameters.items() if name not in case])
