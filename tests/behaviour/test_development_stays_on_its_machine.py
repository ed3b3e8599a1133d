"""What a development machine allows, it allows itself: no deployed command learns of it, no real database takes it."""

import asyncio
import os
from pathlib import Path

import pytest

from concierge.cli import main
from concierge.errors import SettingsError
from concierge.running import free_port, run
from concierge.tenants.seeding import seed
from concierge.wiring import wire
from tests.fakes import FrozenClock
from tests.world import KEY, SECRET_KEY, World, make_settings, open_world

SECRETS = {"EMAIL_WEBHOOK_SECRET": "e", "WHATSAPP_APP_SECRET": "w"}


@pytest.fixture
def machine(db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which `concierge run` has been, and an environment with nothing but the database in it."""
    (tmp_path / ".concierge").mkdir()
    (tmp_path / ".concierge/env").write_text(
        f"CONCIERGE_ENV=development\nCONCIERGE_SECRET_KEYS={SECRET_KEY}\nADMIN_API_KEY={KEY}\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "environ", {"DATABASE_URL": db})
    return tmp_path


async def seeded(url: str, **changes: str) -> None:
    runtime = wire(make_settings(url, **changes), name="test")
    await runtime.pool.open()
    try:
        await seed(runtime)
    finally:
        await runtime.close()


async def accounts(world: World) -> list[tuple[str, str]]:
    return await world.rows(
        "select external_id, signature from channel_account where channel <> 'webchat' order by external_id"
    )


@pytest.mark.parametrize("command", ["web", "worker", "migrate", "seed"])
def test_a_deployed_command_reads_the_environment_only(
    machine: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert main([command]) == 1
    said = capsys.readouterr().err
    assert "EMAIL_WEBHOOK_SECRET is missing" in said
    assert "CONCIERGE_SECRET_KEYS is missing" in said


def test_a_command_for_a_person_reads_what_run_remembered(machine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["doctor"])
    assert "environment: development" in capsys.readouterr().out
    assert main(["ops", "workers"]) == 0


def test_dot_env_is_read_by_both(machine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (machine / ".env").write_text(f"CONCIERGE_ENV='development'\nCONCIERGE_SECRET_KEYS={SECRET_KEY}\n")
    assert main(["seed"]) == 0


def test_run_wants_a_port_that_can_be_found(machine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.environ["PORT"] = "0"
    assert main(["run"]) == 1
    assert "PORT=0 is for `concierge web` alone" in capsys.readouterr().err


async def test_seeding_never_takes_a_signature_away(db: str, clock: FrozenClock) -> None:
    async with open_world(db, clock, **SECRETS) as world:
        before = await accounts(world)
        assert before == [("1234", "required"), ("concierge@example.com", "required")]
        with pytest.raises(SettingsError, match="EMAIL_WEBHOOK_SECRET"):
            await seeded(db)
        with pytest.raises(SettingsError, match=r"concierge@example\.com"):
            await seeded(db, WHATSAPP_APP_SECRET="w")
        assert await accounts(world) == before
        await seeded(db, **SECRETS)


async def test_nor_puts_an_unsigned_account_beside_one_that_is_signed(db: str, clock: FrozenClock) -> None:
    """Another mailbox in the environment does not make the database another one."""
    async with open_world(db, clock, **SECRETS) as world:
        with pytest.raises(SettingsError, match="another DATABASE_URL"):
            await seeded(db, EMAIL_ADDRESS="me@example.com", TENANT_NAME="Mine", ADMIN_API_KEY="0" * 16)
        assert await world.one("select name from tenant") == "My business"
        assert (await world.admin("GET", "/admin/tasks/failed")).status_code == 200


async def test_a_development_database_may_get_its_first_secret(db: str, clock: FrozenClock) -> None:
    async with open_world(db, clock) as world:
        for _ in range(2):
            await seeded(db, EMAIL_WEBHOOK_SECRET="e")
        assert await accounts(world) == [("1234", "off"), ("concierge@example.com", "required")]


async def test_accounts_that_were_added_keep_nobody_from_starting_again(db: str, clock: FrozenClock) -> None:
    """They bring secrets of their own into a database of a developer, which it stays."""
    async with open_world(db, clock) as world:
        for account in (
            {"channel": "webchat", "external_id": "shop"},
            {"channel": "whatsapp", "external_id": "999", "credentials": {"webhook_secrets": ["s"]}},
        ):
            headers = {"x-api-key": KEY}
            made = await world.client.post("/v1/channel-accounts", json=account | {"name": "Shop"}, headers=headers)
            assert (made.status_code, made.json()["signature"]) == (201, "required")
        await seeded(db)
        with pytest.raises(SettingsError, match=r"\(999\)"):
            await seeded(db, WHATSAPP_PHONE_NUMBER_ID="999")


def test_run_refuses_a_database_whose_accounts_are_signed(machine: Path) -> None:
    url = os.environ["DATABASE_URL"]
    asyncio.run(seeded(url, **SECRETS))
    os.environ["PORT"] = str(free_port())
    with pytest.raises(SettingsError, match="accounts that require signatures"):
        run()
    assert url not in (machine / ".concierge/env").read_text()


async def test_another_operators_key_ends_the_one_before(world: World, db: str) -> None:
    async def status(key: str) -> int:
        return (await world.client.get("/admin/tasks/failed", headers={"x-api-key": key})).status_code

    await seeded(db, ADMIN_API_KEY="another-operator-key")
    assert (await status(KEY), await status("another-operator-key")) == (401, 200)
    await seeded(db)
    assert (await status(KEY), await status("another-operator-key")) == (200, 401)


async def test_keys_of_other_names_stay(world: World, db: str) -> None:
    await world.execute("update api_key set name = 'somebody'")
    await seeded(db, ADMIN_API_KEY="another-operator-key")
    assert (await world.admin("GET", "/admin/tasks/failed")).status_code == 200
