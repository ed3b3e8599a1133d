"""Files that come with a message are fetched by a job, within limits, with patience, and never hold the message up."""

import os
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from concierge.channels.abilities import Fetched
from concierge.channels.model import Attachment
from concierge.errors import AccountStopped, NotAccepted, Refused
from concierge.media.limits import type_of
from concierge.media.model import WAITS, Fetch
from concierge.tenants.seeding import seed
from tests.each import each
from tests.events import ScriptedFetcher, message, tell
from tests.fakes import reading
from tests.makers import SOON, readings
from tests.world import KEY, World

CONTENT = b"GIF89a"
HASH = sha256(CONTENT).hexdigest()
STATUS = "select status from media"
TOLD = "select subject, kind, text from notification order by created_at"


def picture(**fields: Any) -> Attachment:
    return Attachment(**({"kind": "image", "locator": "media-1", "mime_type": "image/gif"} | fields))


def fetcher(world: World) -> ScriptedFetcher:
    fetching = world.runtime.fetchers["whatsapp"]
    assert isinstance(fetching, ScriptedFetcher)
    return fetching


def root(world: World) -> Path:
    return Path(world.runtime.settings.media_folder)


def remove(path: Path) -> None:
    path.unlink()


def files(world: World) -> list[Path]:
    return sorted(path for path in root(world).rglob("*") if path.is_file())


async def test_a_file_is_fetched_and_kept(telling: World) -> None:
    await tell(telling, message(attachments=(picture(sha256=HASH.upper(), size=6),), raw=b"the payload"))
    assert await telling.one(STATUS) == "pending"
    await telling.work()
    rows = await telling.rows("select id, status, mime_type, size, sha256, tries, tenant_id, location from media")
    ((id, *facts, tenant, location),) = rows
    assert facts == ["stored", "image/gif", 6, HASH, 1]
    assert location == f"{tenant}/{HASH[:2]}/{HASH}-{id}"
    (path,) = files(telling)
    assert path.read_bytes() == CONTENT
    assert str(path).endswith(location)
    ((attachment, raw),) = fetcher(telling).asked
    assert (attachment.locator, raw) == ("media-1", b"the payload")
    assert await telling.moves(id) == ["pending", "stored"]


async def test_nobody_else_on_the_machine_may_look(telling: World) -> None:
    await tell(telling, message(attachments=(picture(),)))
    await telling.work()
    (path,) = files(telling)
    folders = [folder for folder in path.parents if folder.is_relative_to(root(telling))]
    assert [oct(each.stat().st_mode)[-3:] for each in (path, *folders)] == ["600", "700", "700", "700"]


async def test_several_files_and_a_message_that_comes_twice(telling: World) -> None:
    both = message(attachments=(picture(), picture(locator="media-2", kind="document", filename="a\0b.pdf")))
    await tell(telling, both, both)
    await tell(telling, both)
    await telling.work()
    assert await telling.rows("select n, kind, status, filename from media order by n") == [
        (1, "image", "stored", None),
        (2, "document", "stored", "a\ufffdb.pdf"),
    ]
    jobs = await telling.rows(
        "select queue_name, priority, args from procrastinate_jobs where task_name = 'media.fetch'"
    )
    inbound = await telling.one("select id from inbound_message")
    assert jobs == [(Fetch.queue, Fetch.priority, {"inbound_message_id": str(inbound)})]


async def test_the_same_bytes_twice_are_two_files(telling: World) -> None:
    """So that each can be deleted with its own message."""
    await tell(telling, message(attachments=(picture(),)))
    await tell(telling, message(id="wamid.2", attachments=(picture(),)))
    await telling.work()
    assert len(files(telling)) == 2


async def test_the_message_is_answered_meanwhile(telling: World) -> None:
    telling.model.script = readings(reading("Call Bob", SOON))
    fetcher(telling).outcomes = [NotAccepted("busy")]
    await tell(telling, message("Call Bob", attachments=(picture(),)))
    await telling.work()
    assert len(telling.outside.sent) == 1
    assert await telling.one(STATUS) == "pending"


async def test_it_waits_and_tries_again_then_gives_up_and_says_so_once(telling: World) -> None:
    fetcher(telling).outcomes = [NotAccepted("busy")] * 20
    await tell(telling, message(attachments=(picture(),)))
    await telling.work()
    for n, seconds in enumerate(WAITS, 1):
        assert (await telling.one(STATUS), len(fetcher(telling).asked)) == ("pending", n)
        await telling.pass_time(seconds=seconds - 1)
        assert len(fetcher(telling).asked) == n
        await telling.pass_time(seconds=1)
    assert (await telling.one(STATUS), len(fetcher(telling).asked)) == ("failed", len(WAITS) + 1)
    await telling.pass_time(days=1)
    assert await telling.rows(TOLD) == [("media", "failed", "busy")]
    assert len(fetcher(telling).asked) == len(WAITS) + 1


async def test_the_vendor_may_ask_for_more_patience(telling: World) -> None:
    fetcher(telling).outcomes = [NotAccepted("slow down", retry_after=3600)]
    await tell(telling, message(attachments=(picture(),)))
    await telling.work()
    await telling.pass_time(seconds=3599)
    assert await telling.one(STATUS) == "pending"
    await telling.pass_time(seconds=1)
    assert await telling.one(STATUS) == "stored"


async def test_what_is_gone_is_refused_without_noise(telling: World) -> None:
    fetcher(telling).outcomes = [Refused("gone")]
    await tell(telling, message(attachments=(picture(), picture(locator="media-2"))))
    await telling.work()
    assert await telling.rows("select status, reason from media order by n") == [("refused", "gone"), ("stored", None)]
    assert await telling.rows(TOLD) == []


@pytest.mark.parametrize(
    ("attachment", "fetched", "reason"),
    [
        (picture(size=26_214_401), None, "larger than MEDIA_MAX_BYTES"),
        (picture(mime_type="application/x-msdownload"), None, "files of type application/x-msdownload are not in"),
        (picture(), Fetched(content=bytes(26_214_401)), "larger than MEDIA_MAX_BYTES"),
        (picture(), Fetched(content=b"MZ", mime_type="Application/X-Dosexec; v=1"), "files of type application/x-dos"),
        (picture(mime_type=None), Fetched(content=b"?"), "files of type application/octet-stream are not in"),
    ],
)
async def test_limits(telling: World, attachment: Attachment, fetched: Fetched | None, reason: str) -> None:
    if fetched is not None:
        fetcher(telling).outcomes = [fetched]
    await tell(telling, message(attachments=(attachment,)))
    await telling.work()
    ((status, said),) = await telling.rows("select status, reason from media")
    assert (status, said[: len(reason)]) == ("refused", reason)
    assert len(fetcher(telling).asked) == (fetched is not None)
    assert files(telling) == []


async def test_the_name_tells_what_nobody_says(telling: World) -> None:
    fetcher(telling).fetched = Fetched(content=CONTENT)
    await tell(telling, message(attachments=(picture(mime_type=None, filename="offer.pdf"),)))
    await telling.work()
    assert await telling.one("select mime_type from media") == "application/pdf"


async def test_other_bytes_than_announced_are_not_kept(telling: World) -> None:
    fetcher(telling).outcomes = [Fetched(content=b"something else", mime_type="image/gif")]
    await tell(telling, message(attachments=(picture(sha256=HASH),)))
    await telling.work()
    assert (await telling.one(STATUS), files(telling)) == ("pending", [])
    await telling.pass_time(minutes=1)
    assert await telling.one(STATUS) == "stored"


async def test_a_stopped_account_costs_no_try(telling: World) -> None:
    fetcher(telling).outcomes = [AccountStopped("the token has expired")] * (len(WAITS) + 3)
    await tell(telling, message(attachments=(picture(),)))
    await telling.work()
    for _ in range(len(WAITS) + 2):
        await telling.pass_time(minutes=10)
    assert await telling.rows("select status, tries from media") == [("pending", 0)]
    assert await telling.one("select status from channel_account where channel = 'whatsapp'") == "reauth_required"
    assert await telling.rows(TOLD) == [("channel_account", "stopped", "the token has expired")]
    await seed(telling.runtime)
    await telling.pass_time(minutes=10)
    assert await telling.one(STATUS) == "stored"


async def test_a_lost_job_is_found_by_the_tick(telling: World) -> None:
    await tell(telling, message(attachments=(picture(),)))
    await telling.execute("delete from procrastinate_jobs")
    await telling.pass_time(minutes=4)
    assert await telling.one(STATUS) == "pending"
    await telling.pass_time(minutes=1)
    assert await telling.one(STATUS) == "stored"


async def test_a_worker_that_dies_while_fetching_leaves_it_to_the_next(telling: World) -> None:
    await tell(telling, message(attachments=(picture(),)))
    await telling.execute("update media set tries = 1, due_at = due_at + interval '5 minutes'")
    await telling.work()
    assert fetcher(telling).asked == []
    await telling.pass_time(minutes=5)
    assert await telling.rows("select status, tries from media") == [("stored", 2)]


@pytest.mark.parametrize("error", [ZeroDivisionError(), TimeoutError()])
async def test_a_defect_is_given_up_and_told(telling: World, error: Exception) -> None:
    fetcher(telling).outcomes = [error] * 20
    await tell(telling, message(attachments=(picture(),)))
    await telling.work()
    for seconds in WAITS:
        assert await telling.one(STATUS) == "pending"
        await telling.pass_time(seconds=seconds)
    assert await telling.one(STATUS) == "failed"
    assert [row[:2] for row in await telling.rows(TOLD)] == [("media", "failed")]


async def test_a_file_that_kills_its_workers_is_given_up(telling: World) -> None:
    await tell(telling, message(attachments=(picture(),)))
    await telling.execute("update media set tries = %(tries)s", tries=len(WAITS) + 1)
    await telling.work()
    assert await telling.rows("select status, reason from media") == [("failed", "every try ended with its worker")]
    assert fetcher(telling).asked == []


async def test_a_file_store_that_is_away_is_waited_for(telling: World) -> None:
    in_the_way = os.open(root(telling), os.O_CREAT)
    await tell(telling, message(attachments=(picture(),)))
    await telling.work()
    assert await telling.one(STATUS) == "pending"
    os.close(in_the_way)
    remove(root(telling))
    await telling.pass_time(minutes=1)
    assert await telling.one(STATUS) == "stored"


async def test_a_channel_without_a_fetcher(telling: World) -> None:
    await tell(telling, message(attachments=(picture(),)))
    await telling.execute("update channel_account set channel = 'pigeon' where channel = 'whatsapp'")
    await telling.work()
    assert await telling.one("select reason from media") == "nothing fetches attachments of the channel pigeon"


async def test_an_operator_saves_it(telling: World) -> None:
    fetcher(telling).fetched = Fetched(content=bytes(200_000), mime_type="text/html")
    await tell(telling, message(attachments=(picture(mime_type="text/html", filename='Ä "x"\r\n.html'),)))
    id = await telling.one("select id from media")
    answer = await telling.admin("GET", f"/admin/media/{id}")
    assert (answer.status_code, answer.json()["detail"]) == (409, "the file is pending")
    await telling.work()
    answer = await telling.admin("GET", f"/admin/media/{id}")
    assert (answer.status_code, answer.content) == (200, bytes(200_000))
    assert {name: answer.headers[name] for name in ("content-disposition", "x-content-type-options")} == {
        "content-disposition": "attachment; filename*=UTF-8''%C3%84%20%22x%22%0D%0A.html",
        "x-content-type-options": "nosniff",
    }
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-length"] == "200000"
    assert (await telling.client.get(f"/admin/media/{id}")).status_code == 401
    assert (await telling.admin("GET", f"/admin/media/{uuid4()}")).status_code == 404


async def test_another_tenant_does_not(telling: World) -> None:
    await tell(telling, message(attachments=(picture(),)))
    await telling.work()
    id = await telling.one("select id from media")
    await telling.execute("""
        with other as (insert into tenant (name) values ('Other') returning id)
        update api_key set tenant_id = other.id from other
    """)
    assert (await telling.admin("GET", f"/admin/media/{id}")).status_code == 404
    assert (await telling.admin("POST", f"/admin/media/{id}/retry")).status_code == 404


async def test_an_operator_retries_it(telling: World) -> None:
    fetcher(telling).outcomes = [Refused("gone")]
    await tell(telling, message(attachments=(picture(),)))
    await telling.work()
    id = await telling.one("select id from media")
    answer = await telling.admin("POST", f"/admin/media/{id}/retry")
    assert (answer.status_code, answer.json()) == (200, {"status": "pending", "id": str(id)})
    await telling.work()
    assert await telling.one(STATUS) == "stored"
    assert (await telling.admin("POST", f"/admin/media/{id}/retry")).status_code == 409


async def test_files_go_with_the_bodies(telling: World) -> None:
    await tell(telling, message(attachments=(picture(filename="secret.gif"), picture(locator="media-2"))))
    fetcher(telling).outcomes = [fetcher(telling).fetched, Refused("gone")]
    await telling.work()
    await telling.pass_time(days=59)
    assert len(files(telling)) == 1
    await telling.pass_time(days=2)
    assert files(telling) == []
    assert await telling.rows("select status, filename, locator, location from media") == [("gone", None, "", None)] * 2
    id = await telling.one("select id from media where n = 1")
    assert await telling.moves(id) == ["pending", "stored", "expiring", "gone"]
    assert (await telling.admin("GET", f"/admin/media/{id}")).status_code == 409


async def test_the_order_to_forget_may_have_a_key(telling: World) -> None:
    """All that is done under an Idempotency-Key is one transaction; a file store is not called inside one."""
    await tell(telling, message(attachments=(picture(),)))
    await telling.work()
    telling.clock.advance(days=61)
    headers = {"x-api-key": KEY, "idempotency-key": "forget"}
    for _ in range(2):
        answer = await telling.client.post("/v1/admin/retention/runs", headers=headers)
        assert (answer.status_code, answer.json()["redacted"]["media"]) == (200, 1)
    await telling.run_tick("retention.redact")
    assert files(telling) == []


async def test_a_file_that_cannot_be_deleted_is_not_forgotten(telling: World) -> None:
    await tell(telling, message(attachments=(picture(),)))
    await telling.work()
    (path,) = files(telling)
    path.rename(path.with_suffix(".aside"))
    path.mkdir()  # what cannot be unlinked
    await telling.pass_time(days=61)
    assert await telling.one(STATUS) == "expiring"
    path.rmdir()
    path.with_suffix(".aside").rename(path)
    await telling.pass_time(hours=1)
    assert (await telling.one(STATUS), files(telling)) == ("gone", [])


async def test_a_file_that_nobody_wants_any_more_is_not_fetched(telling: World) -> None:
    fetcher(telling).outcomes = [NotAccepted("busy")] * 20
    await tell(telling, message(attachments=(picture(),)))
    await telling.work()
    await telling.execute("update media set status = 'expiring'")
    await telling.pass_time(days=1)
    assert len(fetcher(telling).asked) == 1
    assert await telling.one(STATUS) == "gone"


@each("said", ["image/png\r\nset-cookie: a=b", "image/png\nx", "image", "image/" + "x" * 200, "a b/c"])
def test_what_is_no_type_is_not_believed(said: str) -> None:
    """Senders write it, and whoever saves the file gets it as a header."""
    assert type_of(said, filename="photo.jpg") == "image/jpeg"
    assert type_of("Image/SVG+XML; charset=utf-8", filename=None) == "image/svg+xml"
