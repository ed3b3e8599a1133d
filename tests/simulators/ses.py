"""Amazon SES: moto's server for what AWS accepts, and what it says when it refuses.

with Ses() as ses:                      # moto, in a thread of its own
    ses.verify("example.com")
    account.settings["endpoint_url"] = ses.url
    ses.sent()                          # the raw mails

async with scripted_ses(answers) as url: ...
"""

import json
import logging
from types import TracebackType
from typing import Self

import httpx
from moto.core import DEFAULT_ACCOUNT_ID
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from moto.ses.models import ses_backends

from concierge.simulators.serving import Answer

REGION = "eu-west-1"


class Ses:
    """One region of one AWS account."""

    def __init__(self) -> None:
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.url = ""

    def __enter__(self) -> Self:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server.start()
        host, port = self._server.get_host_and_port()
        self.url = f"http://{host}:{port}"
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.stop()

    def reset(self) -> None:
        """Forget identities and mails."""
        httpx.post(f"{self.url}/moto-api/reset").raise_for_status()

    def verify(self, identity: str) -> None:
        """Make an address or a domain one that may send."""
        ses_backends[DEFAULT_ACCOUNT_ID][REGION].verify_domain(identity)

    def sent(self) -> list[str]:
        """The raw mails, oldest first."""
        return [message.raw_data for message in ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages]


def refusal(code: str, status: int) -> Answer:
    """An error as the SES API words it."""
    return Answer(
        status,
        json.dumps({"message": "Simulated"}).encode(),
        {"content-type": "application/json", "x-amzn-errortype": code},
    )
