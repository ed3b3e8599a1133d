"""Amazon SES: moto's server for what AWS accepts, what it says when it refuses, and what SNS reports afterwards.

with Ses() as ses:                      # moto, in a thread of its own
    ses.verify("example.com")
    account.settings["endpoint_url"] = ses.url
    ses.sent()                          # the raw mails
    topic = ses.topic("events", url)    # SNS posts to this URL, signed by moto with certificates of its own
    ses.report(topic, "Bounce")         # what SES says about the mail taken last; blocks until it is posted
    ses.certificate(signing_cert_url)

ses.bucket("mails")                     # a new one at S3, by boto3's client

moto and boto3 are five hundred modules: who only needs to know how SES refuses does not load them.
"""

import json
import logging
from types import TracebackType
from typing import Any, Literal, Self

import httpx

from concierge.simulators.serving import Answer
from concierge.tls import trusted

REGION = "eu-west-1"
ACCOUNT = "123456789012"  # moto's only one


class Ses:
    """One region of one AWS account."""

    def __init__(self) -> None:
        from moto.moto_server.threaded_moto_server import ThreadedMotoServer  # noqa: PLC0415

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
        self._mails.verify_domain(identity)

    def topic(self, name: str, url: str) -> str:
        """The ARN of a new topic; what is published there is posted to this URL."""
        arn = str(self._topics.create_topic(name).arn)
        self._topics.subscribe(arn, url, "http")
        return arn

    def report(self, topic: str, kind: Literal["Bounce", "Complaint", "Delivery"]) -> None:
        """Publish what SES says about the mail taken last; moto's own examples name nobody of ours."""
        from moto.ses.models import SESFeedback  # noqa: PLC0415

        mail = self._mails.sent_messages[-1]
        told = SESFeedback.generate_message(ACCOUNT, kind)
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
        self._topics.publish(json.dumps(event), arn=topic)

    def certificate(self, url: str) -> bytes:
        """The one that signed it, by its SigningCertURL."""
        return bytes(self._topics._message_public_keys[url.rpartition("/")[2]])

    def sent(self) -> list[str]:
        """The raw mails, oldest first."""
        return [message.raw_data for message in self._mails.sent_messages]

    def bucket(self, name: str) -> Any:
        """boto3's client of S3, in which there is this bucket now; to be closed."""
        import boto3  # noqa: PLC0415

        s3 = boto3.client(
            "s3", region_name=REGION, endpoint_url=self.url, aws_access_key_id="AKID", aws_secret_access_key="secret"
        )
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        return s3

    @property
    def _mails(self) -> Any:
        from moto.ses.models import ses_backends  # noqa: PLC0415

        return ses_backends[ACCOUNT][REGION]

    @property
    def _topics(self) -> Any:
        from moto.sns.models import sns_backends  # noqa: PLC0415

        return sns_backends[ACCOUNT][REGION]


def refusal(code: str, status: int) -> Answer:
    """An error as the SES API words it."""
    return Answer(
        status,
        json.dumps({"message": "Simulated"}).encode(),
        {"content-type": "application/json", "x-amzn-errortype": code},
    )
