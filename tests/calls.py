"""Calls of the API that schemathesis makes of its description, and whether the answers are described."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import APIOperation, Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.world import KEY, World

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EVERYTHING_ELSE = ("/api/jobs", "/api/cron", "/debug", "/v1/events")  # with a token of their own; without an end
NOBODYS = "01927f5e-7c3a-7b52-9d6e-0d8f0a1b2c3d"


def plain(operation: APIOperation) -> Case:
    """A call of nobody's things. What takes no body has little else to be made up, and Hypothesis takes its time."""
    values = {"uuid": NOBODYS, "integer": 1, "string": "0"}
    schemas = {each.name: each.definition["schema"] for each in operation.path_parameters}
    return operation.Case(
        path_parameters={name: values[schema.get("format", schema["type"])] for name, schema in schemas.items()}
    )


@cache
def operations(document: Path) -> list[APIOperation]:
    """What is described; reading it takes schemathesis half a second."""
    schema = schemathesis.openapi.from_dict(json.loads(document.read_text(encoding="utf-8")))
    found = (result.ok() for result in schema.get_all_operations())
    return [each for each in found if not each.path.startswith(EVERYTHING_ELSE)]


def made(document: Path) -> Iterator[Case]:
    found: list[Case] = []
    for operation in operations(document):
        if not operation.body:
            yield plain(operation)
            continue
        found.clear()

        @settings(max_examples=2, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        @given(operation.as_strategy())
        def collect(case: Case) -> None:
            found.append(case)

        collect()
        yield from found


async def ask(world: World, case: Case) -> int:
    """The status of an answer that the description knows."""
    sent = case.as_transport_kwargs(base_url="http://concierge.test")
    sent["headers"] = {**sent.get("headers", {}), "x-api-key": KEY}
    sent.pop("cookies", None)
    answer = await world.client.request(**sent)
    case.validate_response(Response.from_any(answer), checks=CHECKS)
    return answer.status_code
