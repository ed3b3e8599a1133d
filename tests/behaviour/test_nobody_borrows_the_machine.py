"""What this machine may do at AWS is no tenant's: its identity opens everybody's files and everybody's sender."""

from typing import Any

import pytest
from httpx import Response

from concierge.aws import session
from concierge.channels.email.objects import Objects
from concierge.channels.email.ses import SesTransport
from concierge.channels.model import Address, OutboundMessage
from concierge.errors import AccountStopped, NotStored
from concierge.tenants.store import find_accounts
from concierge.tenants.vault import opened
from tests.world import KEY, World


async def ask(world: World, path: str, body: Any, key: str = KEY) -> Response:
    return await world.client.post(path, json=body, headers={"x-api-key": key})


async def test_a_tenants_account_uses_its_own_keys_or_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    session.cache_clear()  # it keeps what it finds
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "of-the-machine")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of-the-machine")
    tenant = (await ask(world, "/v1/tenants", {"name": "Bakery"})).json()["id"]
    wish = {"name": "first", "scopes": ["admin:*"]}
    own = (await ask(world, f"/v1/tenants/{tenant}/api-keys", wish)).json()["key"]
    account = {
        "channel": "email",
        "external_id": "desk@bakery.example",
        "transport": "ses",
        "settings": {"region": "eu-west-1"},
        "credentials": {"webhook_secrets": ["arn:aws:sns:eu-west-1:1:mine"]},
    }
    refused = await ask(world, "/v1/channel-accounts", account, own)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/credentials/aws_access_key_id")
    assert (await ask(world, "/v1/channel-accounts", account | {"transport": "sandbox"}, own)).status_code == 201

    async with world.runtime.connection() as conn:
        (row,) = await find_accounts(conn, channel="email", external_ids=["desk@bakery.example"])
        (seeded,) = await find_accounts(conn, channel="email", external_ids=["concierge@example.com"])
    theirs = opened(row, world.runtime.settings)
    objects, transport = Objects(), SesTransport()
    message = OutboundMessage(
        id=row.id, recipient=Address("email", "a@b.example"), text="Hello", created_at=world.clock()
    )
    with pytest.raises(NotStored):  # the topic is theirs, so the bucket and the key are whatever they like
        await objects.get("files-of-everybody", "another-tenant/file", theirs)
    with pytest.raises(AccountStopped, match="no AWS keys of its own"):
        await transport.send(message, theirs)
    session.cache_clear()
    assert objects._clients == transport._clients == {}, "nobody was asked"
    assert opened(seeded, world.runtime.settings).settings["aws_identity"] == "machine", "its owner's is"
