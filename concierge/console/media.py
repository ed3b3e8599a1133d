"""Files that came with messages, for whoever is signed in."""

from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from concierge.admin.media import stream
from concierge.console.model import Operator
from concierge.runtime import Runtime


@get("/media/{id:uuid}")
async def show_file(
    id: FromPath[UUID], operator: NamedDependency[Operator], runtime: NamedDependency[Runtime]
) -> Stream:
    """The bytes of a file, to be saved; an image is also shown in its conversation."""
    return await stream(runtime, id, tenant_id=operator.tenant_id)


HANDLERS = (show_file,)
