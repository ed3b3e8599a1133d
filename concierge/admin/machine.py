"""The machine as a whole: jobs, workers, questions. For keys with the scope `platform:*`."""

from collections.abc import Mapping
from typing import Annotated, Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, PathParameter, QueryParameter
from msgspec import Struct

from concierge.admin import machine_store as store
from concierge.admin.machine_store import JobStatus, QueuedJob, Worker
from concierge.api.paging import LATEST, Counting, Page
from concierge.api.scopes import ANY_QUERY, needs
from concierge.errors import Conflicting, Missing
from concierge.postgres import ops
from concierge.runtime import Runtime

PLATFORM = needs("platform:*")
Number = Annotated[int, PathParameter(ge=0, le=LATEST)]


class Workers(Struct, frozen=True):
    """Every worker."""

    data: list[Worker]


class Told(Struct, frozen=True):
    """What Postgres said to a question: rows of values in the order of the columns."""

    name: str
    question: str
    columns: list[str]
    rows: list[list[Any]]


class Question(Struct, frozen=True):
    """A question that can be asked, and what has to be named in it."""

    name: str
    question: str
    parameters: list[str]


class Questions(Struct, frozen=True):
    """Every question."""

    data: list[Question]


@get("/admin/jobs", opt=PLATFORM)
async def list_jobs(
    runtime: NamedDependency[Runtime],
    counting: NamedDependency[Counting],
    status: FromQuery[JobStatus | None] = None,
    queue: Annotated[str | None, QueryParameter(max_length=100)] = None,
    kind: Annotated[str | None, QueryParameter(max_length=100)] = None,
) -> Page[QueuedJob]:
    """Jobs, newest first."""
    async with runtime.connection() as conn:
        rows = await store.jobs(
            conn, status=status, queue=queue, kind=kind, before=counting.before, limit=counting.limit + 1
        )
    return counting.page(rows)


@get("/admin/jobs/{id:int}", opt=PLATFORM)
async def show_job(id: Number, runtime: NamedDependency[Runtime]) -> QueuedJob:
    """One job."""
    async with runtime.connection() as conn:
        found = await store.job(conn, id)
    if found is None:
        raise Missing("there is no such job")
    return found


@post("/admin/jobs/{id:int}/retry", opt=PLATFORM, status_code=200)
async def retry_job(id: Number, runtime: NamedDependency[Runtime]) -> QueuedJob:
    """A failed job runs again."""
    async with runtime.begin() as conn:
        found = await store.job(conn, id)
        if found is None:
            raise Missing("there is no such job")
        if not await store.retry(conn, id=id):
            raise Conflicting(f"the job is {found.status}")
        return await store.job(conn, id) or found


@post("/admin/jobs/{id:int}/cancel", opt=PLATFORM, status_code=200)
async def cancel_job(id: Number, runtime: NamedDependency[Runtime]) -> QueuedJob:
    """A job that waits does not run."""
    async with runtime.begin() as conn:
        found = await store.job(conn, id)
        if found is None:
            raise Missing("there is no such job")
        if await store.cancel(conn, id) is None:
            raise Conflicting(f"the job is {found.status}")
        return await store.job(conn, id) or found


@get("/admin/workers", opt=PLATFORM)
async def list_workers(runtime: NamedDependency[Runtime]) -> Workers:
    """Workers, how long they have been silent, and what they do."""
    async with runtime.connection() as conn:
        return Workers(await store.workers(conn))


@get("/admin/ops", opt=PLATFORM)
async def list_questions() -> Questions:
    """The questions operators ask; `concierge ops` asks the same."""
    return Questions([Question(each.name, each.comment[0], each.parameters) for each in ops.questions()])


@get("/admin/ops/{name:str}", opt=PLATFORM | ANY_QUERY)
async def ask_question(name: FromPath[str], request: Request[Any, Any, Any], runtime: NamedDependency[Runtime]) -> Told:
    """The answer to a question; what has to be named in it comes as query parameters."""
    asked = ops.question(name)
    async with runtime.connection() as conn:
        answer = await ops.ask(conn, asked, _given(request.query_params))
    return Told(name, asked.comment[0], answer.columns, [[_shown(each) for each in row] for row in answer.rows])


def _given(parameters: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value).replace("\0", "") for name, value in parameters.items()}


def _shown(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else str(value)


HANDLERS = (
    list_jobs,
    show_job,
    retry_job,
    cancel_job,
    list_workers,
    list_questions,
    ask_question,
)
