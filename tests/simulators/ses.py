"""Amazon SES: moto's server for what AWS accepts, what it says when it refuses, and what SNS reports afterwards.

with Ses() as ses:                      # moto, in a thread of its own
    ses.verify("example.com")
    account.settings["endpoint_url"] = ses.url
    ses.sent()                          # the raw mails
    topic = ses.topic("events", url)    # SNS posts to this URL, signed by moto with certificates of its own
    ses.report(topic, "Bounce")         # what SES says about the mail taken last; blocks until it is posted
    ses.certificate(signing_cert_url)

async with scripted_ses(answers) as url: ...
"""

import json
import logging
from types import TracebackType
from typing import Literal, Self

import httpx
from moto.core import DEFAULT_ACCOUNT_ID
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from moto.ses.models import SESFeedback, ses_backends
from moto.sns.models import sns_backends

from concierge.simulators.serving import Answer
from concierge.tls import trusted

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
        httpx.post(f"{self.url}/moto-api/reset", verify=trusted()).raise_for_status()

    def verify(self, identity: str) -> None:
        """Make an address or a domain one that may send."""
        ses_backends[DEFAULT_ACCOUNT_ID][REGION].verify_domain(identity)

    def topic(self, name: str, url: str) -> str:
        """The ARN of a new topic; what is published there is posted to this URL."""
        sns = sns_backends[DEFAULT_ACCOUNT_ID][REGION]
        arn = str(sns.create_topic(name).arn)
        sns.subscribe(arn, url, "http")
        return arn

    def report(self, topic: str, kind: Literal["Bounce", "Complaint", "Delivery"]) -> None:
        """Publish what SES says about the mail taken last; moto's own examples name nobody of ours."""
        mail = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages[-1]
        told = SESFeedback.generate_message(DEFAULT_ACCOUNT_ID, kind)
        said = told[kind.lower()].get("bouncedRecipients", [{}])[0]
        to = [{**said, "emailAddress": each} for each in mail.destinations]
        names = {"Bounce": "bouncedRecipients", "Complaint": "complainedRecipients", "Delivery": "recipients"}
        headers = {**told["mail"]["commonHeaders"], "from": [mail.source]}
        known = {"messageId": mail.id, "source": mail.source, "destination": mail.destinations}
        event = {
            "notificationType": kind,
            "mail": {**told["mail"], **known, "commonHeaders": headers},
            kind.lower(): {**told[kind.lower()], names[kind]: mail.destinations if kind == "Delivery" else to},
        }
        sns_backends[DEFAULT_ACCOUNT_ID][REGION].publish(json.dumps(event), arn=topic)

    def certificate(self, url: str) -> bytes:
        """The one that signed it, by its SigningCertURL."""
        return bytes(sns_backends[DEFAULT_ACCOUNT_ID][REGION]._message_public_keys[url.rpartition("/")[2]])

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
