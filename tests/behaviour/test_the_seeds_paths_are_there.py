"""Every path that the five designs name, with its method: it is there, behind the door it should be behind."""

import re

from httpx import Response
from psycopg.types.json import Jsonb

from tests.apps import routes
from tests.each import each
from tests.world import KEY, World

U = "/users/{user_id}"
PATHS = [
    # (method, path, what it answers to somebody without a key or signature; 404: off until its token is set)
    ("POST", "/webhook/email", 400),
    ("POST", "/webhook/whatsapp", 400),
    ("GET", "/admin/tasks/failed", 401),
    ("GET", "/admin/outbox/failed", 401),
    ("GET", "/admin/tasks/{id}/events", 401),
    ("POST", "/admin/tasks/{id}/retry", 401),
    ("POST", "/admin/outbox/{id}/retry", 401),
    ("POST", "/admin/retention/redact", 401),
    ("GET", "/webhooks/whatsapp", 401),
    ("POST", "/webhooks/whatsapp", 400),
    ("GET", "/debug/enqueue-summary", 401),
    ("POST", "/debug/enqueue-summary", 401),
    ("GET", "/health", 200),
    ("POST", "/api/webhooks/whatsapp", 400),
    ("GET", "/api/webhooks/whatsapp", 401),
    ("GET", "/api/jobs/run-outbound", 404),
    ("POST", "/api/jobs/run-outbound", 404),
    ("GET", "/api/cron/run-outbound-jobs", 404),
    ("GET", "/api/jobs/metrics", 404),
    ("GET", "/api/notifications", 401),
    ("POST", "/webhook/meta", 400),
    ("GET", "/webhook/meta", 401),
    ("POST", "/users", 401),
    ("GET", U + "/phone_numbers", 401),
    ("POST", U + "/phone_numbers", 401),
    ("DELETE", U + "/phone_numbers/{phone_number_id}", 401),
    ("GET", U + "/agents", 401),
    ("POST", U + "/agents", 401),
    ("GET", U + "/agents/{agent_id}", 401),
    ("PATCH", U + "/agents/{agent_id}", 401),
    ("DELETE", U + "/agents/{agent_id}", 401),
    ("GET", U + "/messages", 401),
    ("GET", U + "/extractions", 401),
    ("GET", U + "/credits", 401),
    ("POST", U + "/credits", 401),
    ("POST", "/api/bookings", 401),
    ("PATCH", "/api/bookings/{id}", 401),
    ("DELETE", "/api/bookings/{id}", 401),
    ("GET", "/api/bookings/{id}/reminders", 401),
    ("GET", "/api/queue/stats", 401),
]
NOBODY = "01927f5e-7c3a-7b52-9d6e-0d8f0a1b2c3d"


@each(("method", "path", "status"), PATHS)
def test_it_is_a_route(method: str, path: str, status: int) -> None:
    there = {re.sub(r"{[^}]*}", "{}", route.path) for route in routes()}
    assert re.sub(r"{[^}]*}", "{}", path) in there


async def test_none_is_open(world: World) -> None:
    """Without a key, a token or a signature nothing is done and nothing is told."""
    for method, path, status in PATHS:
        whole = re.sub(r"{[^}]*}", NOBODY, path)
        answer = await world.client.request(method, whole, content=b"{" if method in {"POST", "PATCH"} else None)
        assert answer.status_code == status, (method, path, answer.text)


async def test_users_and_their_numbers_in_the_designs_words(world: World) -> None:
    async def ask(method: str, path: str, body: object = None) -> Response:
        return await world.client.request(method, path, json=body, headers={"x-api-key": KEY})

    user = (await ask("POST", "/users", {"user_id": "acme", "email": "a@acme.test", "company_name": "Acme"})).json()
    assert (user["external_id"], user["company_name"]) == ("acme", "Acme")
    path = f"/users/{user['user_id']}/phone_numbers"
    number = {
        "phone_number_id": "106540352242922",
        "type": "whatsapp",
        "external_number": "+4915112345678",
        "access_token": "secret",
        "display_name": "Acme",
    }
    made = await ask("POST", path, number)
    assert made.status_code == 201, made.text
    (listed,) = (await ask("GET", path)).json()["data"]
    assert listed == made.json()
    assert listed.items() >= {k: number[k] for k in number.keys() - {"access_token"}}.items()
    await world.client.post(
        "/webhook/whatsapp", json=world.whatsapp_payload(("wamid.9", "15550009", "Hi"), account="106540352242922")
    )
    (said,) = (await ask("GET", f"/users/{user['user_id']}/messages")).json()["data"]
    assert (said["sender"], said["text"], said["sequence_no"]) == ("user", "Hi", 1)
    assert (await ask("DELETE", path + "/106540352242922")).status_code == 204
    assert (await ask("GET", path)).json()["data"] == []
    assert (await ask("DELETE", path + "/106540352242922")).status_code == 404


USER = {"user_id", "email", "company_name", "created_at"}
SHAPES = {  # what a row of each list holds, by the tables of the design: no field of theirs is missing
    "/phone_numbers": {"phone_number_id", "user_id", "type", "external_number", "display_name", "created_at"},
    "/agents": {"agent_id", "user_id", "phone_number_id", "prompt_id", "name", "created_at"},
    "/messages": {"message_id", "conversation_id", "sender", "text", "timestamp", "status", "sequence_no"},
    "/extractions": {"extraction_id", "conversation_id", "name", "email", "company", "intent", "urgency", "budget"}
    | {"fit", "engagement", "demo_datetime", "smart_notification", "extracted_at"},
}
READ = """
    insert into extraction (tenant_id, conversation_id, upto_seq, model, prompt_version, purpose, reading,
                            input_tokens, output_tokens, created_at)
    select tenant_id, id, 1, 'm', '1', 'score', %(reading)s, 1, 1, opened_at from conversation where tenant_id = %(id)s
"""


async def test_a_user_is_found_by_the_id_it_came_with(world: World) -> None:
    """A whole story by the literal ids alone: of the user, of the number, of the prompt."""

    async def ask(method: str, path: str, body: object = None, **headers: str) -> Response:
        return await world.client.request(method, path, json=body, headers={"x-api-key": KEY} | headers)

    user = {"user_id": "user_1", "email": "a@acme.test", "company_name": "Acme"}
    made = await ask("POST", "/users", user, **{"idempotency-key": "u-1"})
    assert made.json().keys() >= USER
    again = await ask("POST", "/users", user, **{"idempotency-key": "u-1"})
    assert (again.status_code, again.json(), again.headers["idempotency-replayed"]) == (201, made.json(), "true")
    number = {"phone_number_id": "106540352242922", "type": "whatsapp", "external_number": "+1", "access_token": "t"}
    assert (await ask("POST", "/users/user_1/phone_numbers", number)).status_code == 201
    agent = {"phone_number_id": "106540352242922", "prompt_id": "pmpt_1", "name": "Sales"}
    linked = (await ask("POST", "/users/user_1/agents", agent)).json()
    assert linked.items() >= agent.items()
    one = f"/users/user_1/agents/{linked['agent_id']}"
    assert (await ask("PATCH", one, {"name": "Better"})).json() == (await ask("GET", one)).json()
    said = world.whatsapp_payload(("wamid.9", "15550009", "Hi"), account="106540352242922")
    assert (await world.client.post("/webhook/meta", json=said)).json()["status"] == "accepted"
    await world.execute(READ, id=made.json()["user_id"], reading=Jsonb({"name": "Bob", "urgency": 3}))
    for noun, fields in SHAPES.items():
        for name in ("user_1", made.json()["user_id"]):
            (row,) = (await ask("GET", f"/users/{name}{noun}")).json()["data"]
            assert row.keys() >= fields, noun
    assert (await ask("POST", "/users/user_1/credits", {"amount": 5})).json()["remaining_credits"] == 5
    credit = (await ask("GET", "/users/user_1/credits")).json()
    assert credit.keys() == {"user_id", "remaining_credits", "last_updated"}
    assert (await ask("DELETE", one)).status_code == 204
    assert (await ask("GET", "/users/nobody/agents")).status_code == 404


async def test_metrics_are_for_who_runs_the_machine(world: World) -> None:
    await world.email("Hello")
    assert (await world.client.get("/metrics")).status_code == 401
    told = await world.client.get("/metrics", headers={"authorization": f"Bearer {KEY}"})
    assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'concierge_jobs{queue="inbox",state="ready"} 1' in told.text
    assert "concierge_workers_alive 0" in told.text
    assert 'concierge_queue_paused{queue="inbox"} 0' in told.text
    assert 'concierge_channel_accounts{channel="email",status="active"} 1' in told.text
