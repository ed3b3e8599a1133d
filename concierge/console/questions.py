"""SQL: the operators' questions with their answers, to be copied. Nothing asked can change a row."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from concierge.console.model import Operator
from concierge.console.rendering import page
from concierge.errors import Malformed
from concierge.postgres import ops
from concierge.runtime import Runtime

SHOWN = 200  # rows of an answer


@get("/sql")
async def show_questions(platform: NamedDependency[Operator]) -> Response[str]:
    """What can be asked."""
    return page("questions", platform, questions=ops.questions())


@get("/sql/{name:str}")
async def show_answer(
    name: FromPath[str],
    request: Request[Any, Any, Any],
    platform: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
) -> Response[str]:
    """One question; answered as soon as everything it needs is named."""
    asked = ops.question(name)
    values = {each: request.query_params.get(each, "") for each in asked.parameters}
    answer, wrong = await _answer(runtime, asked, values) if all(values.values()) else (None, None)
    return page("question", platform, asked=asked, values=values, answer=answer, wrong=wrong, most=SHOWN)


async def _answer(
    runtime: Runtime, asked: ops.Question, values: Mapping[str, str]
) -> tuple[ops.Answer | None, str | None]:
    try:
        async with runtime.connection() as conn:
            return await ops.ask(conn, asked, values), None
    except Malformed as error:
        return None, str(error)


HANDLERS = (show_questions, show_answer)
