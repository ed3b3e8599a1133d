"""From SendEmail to the notification that SNS signs and posts: what Amazon says of our mail is what the message is."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec
import pytest

from concierge.channels.email.ses import SesTransport
from concierge.channels.email.ses_webhook import SesWebhook
from concierge.channels.email.sns import Sns
from concierge.runtime import Runtime
from concierge.simulators.serving import Answer, Request, serving
from tests.fakes import FrozenClock, reading
from tests.makers import SOON, readings
from tests.simulators.ses import REGION, Ses
from tests.world import World, open_world

STATUS = "select status from outbound_message"


class Amazon:
    """SES and SNS as moto plays them, and us behind a URL that SNS posts to."""

    def __init__(self, world: World, ses: Ses) -> None:
        self.world, self.ses = world, ses
        self.topic = ""
        self.answers: list[int] = []

    async def posted(self, request: Request) -> Answer:
        headers = {"content-type": request.headers["content-type"]}
        answer = await self.world.client.post("/webhook/email/ses", content=request.body, headers=headers)
        self.answers.append(answer.status_code)
        return Answer(answer.status_code)

    async def report(self, kind: Literal["Bounce", "Complaint", "Delivery"]) -> None:
        await asyncio.to_thread(self.ses.report, self.topic, kind)

    async def trusts(self, *topics: str) -> None:
        settings = {"endpoint_url": self.ses.url, "topic_arns": topics}
        await self.world.execute(
            "update channel_account set settings = settings || %(settings)s, signature = 'required'"
            " where channel = 'email'",
            settings=msgspec.json.encode(settings).decode(),
        )
        self.world.clock.advance(seconds=6)  # accounts are remembered for five


class Certificates:
    """In the place of HTTPS to Amazon's hosts; which of them may be asked is decided before."""

    def __init__(self, ses: Ses) -> None:
        self.ses = ses

    async def get(self, url: str, *, most: int) -> bytes:
        assert url.startswith(f"https://sns.{REGION}.amazonaws.com/")
        return self.ses.certificate(url)[:most]

    async def close(self) -> None: ...


@pytest.fixture
async def amazon(db: str) -> AsyncIterator[Amazon]:
    with Ses() as ses:
        ses.reset()
        ses.verify("example.com")
        sns = Sns()
        sns._fetcher = Certificates(ses)  # type: ignore[assignment]

        def arrange(runtime: Runtime) -> Runtime:
            doors = {**runtime.channels, "email/ses": SesWebhook(sns)}
            return msgspec.structs.replace(
                runtime, channels=doors, transports={**runtime.transports, "ses": SesTransport()}
            )

        clock = FrozenClock(datetime.now(UTC) + timedelta(minutes=1))  # moto's certificates begin now
        environment = {
            "EMAIL_TRANSPORT": "ses",
            "SES_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "AKID",
            "AWS_SECRET_ACCESS_KEY": "secret",
        }
        async with open_world(db, clock, arrange=arrange, **environment) as world:
            amazon = Amazon(world, ses)
            async with serving(amazon.posted) as url:
                amazon.topic = ses.topic("events", url)
                world.model.script = readings(reading("Call Bob", SOON))
                await world.email("Call Bob", **{"from": "success@example.org"})
                await amazon.trusts(amazon.topic)
                await world.work()
                yield amazon


async def test_a_delivery_then_a_complaint(amazon: Amazon) -> None:
    assert (len(amazon.ses.sent()), await amazon.world.one(STATUS)) == (1, "sent")
    await amazon.report("Delivery")
    assert (amazon.answers, await amazon.world.one(STATUS)) == ([200], "delivered")
    await amazon.report("Complaint")
    assert await amazon.world.rows("select value, reason from suppression") == [("success@example.org", "complaint")]
    assert (amazon.answers, await amazon.world.one(STATUS)) == ([200, 200], "delivered")


async def test_a_bounce_and_a_topic_nobody_trusts(amazon: Amazon) -> None:
    await amazon.trusts("arn:aws:sns:eu-west-1:123456789012:another")
    await amazon.report("Bounce")
    assert (amazon.answers, await amazon.world.one(STATUS)) == ([401], "sent")
    await amazon.trusts(amazon.topic)
    for _ in range(2):
        await amazon.report("Bounce")
    assert (amazon.answers, await amazon.world.one(STATUS)) == ([401, 200, 200], "failed")
    assert await amazon.world.rows("select value, reason from suppression") == [("success@example.org", "bounce")]
    assert await amazon.world.rows("select kind, text from notification") == [("failed", "smtp; 550 user unknown")]
