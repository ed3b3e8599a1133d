"""Every row of every vendor's table, written down a second time from the vendors' documentation."""

import httpx
import pytest

from concierge.channels.email.ses import OUTCOMES as SES
from concierge.channels.graph import failure
from concierge.channels.instagram.outcomes import OUTCOMES as INSTAGRAM
from concierge.channels.whatsapp.outcomes import OUTCOMES as WHATSAPP
from concierge.errors import (
    AccountResting,
    AccountStopped,
    NotAccepted,
    OutsideWindow,
    Refused,
    SendError,
    TooFast,
    Unknown,
    Unwanted,
    UnwantedMarketing,
)
from concierge.simulators.graph_api import error, says
from concierge.simulators.serving import Answer, json_answer
from tests.contracts.transports import SesStage, SmtpStage, message
from tests.each import each
from tests.simulators.ses import refusal

META: dict[type[SendError], set[int]] = {
    AccountStopped: {0, 190, *range(200, 300), 3, 10, 131005}
    | {130497, 131031, 368, 131037, 131042, 131045, 133010, 134011, 131063},
    AccountResting: {131048},
    OutsideWindow: {131047},
    NotAccepted: {4, 80007, 130429, 131057},
    TooFast: {131056},
    Unwanted: {130403},
    UnwantedMarketing: {131050},
    Unknown: {1, 2, 131016, 133004, 131000},
    Refused: {135000, 33, 100, 131008, 131009, 131021, 131051, 131053, 132000, 132001, 132005, 132007, 132012, 132018}
    | {132068, 132069, 132015, 132016, 131026, 131049, 130472, 131052, 131062, 131030, 131064},
}
META_INSTAGRAM: dict[type[SendError], set[int | tuple[int | None, int]]] = {
    OutsideWindow: {(10, 2534022), (10, 2018278)},
    Refused: {(None, 2534014), 551, (200, 1545041), (None, 2534025), (None, 2534001)} | {33, 100},
    AccountStopped: {0, 3, 10, 102, 190, 368, *range(200, 300)},
    NotAccepted: {4, 17, 32, 613, 80002, 80006},
    Unknown: {1, (1, 1357046), 2},
}
AWS: dict[type[SendError], set[str]] = {
    NotAccepted: {"TooManyRequestsException", "ThrottlingException", "Throttling", "LimitExceededException"},
    AccountStopped: {"SendingPausedException", "AccountSuspendedException", "MailFromDomainNotVerifiedException"}
    | {"NotFoundException", "AccessDeniedException", "UnrecognizedClientException", "InvalidClientTokenId"}
    | {"InvalidSignatureException", "SignatureDoesNotMatch", "ExpiredTokenException"},
    Refused: {"MessageRejected", "BadRequestException"},
}
SMTP = [
    ("MAIL", 421, NotAccepted),
    ("MAIL", 451, NotAccepted),
    ("MAIL", 530, AccountStopped),
    ("MAIL", 550, Refused),
    ("RCPT", 450, NotAccepted),
    ("RCPT", 452, NotAccepted),
    ("RCPT", 535, AccountStopped),
    ("RCPT", 550, Refused),
    ("RCPT", 553, Refused),
    ("DATA", 421, NotAccepted),
    ("DATA", 451, NotAccepted),
    ("DATA", 538, AccountStopped),
    ("DATA", 552, Refused),
    ("DATA", 554, Refused),
    ("DATA", 299, Unknown),
]


class TestWhatsApp:
    def test_the_table_has_every_code(self) -> None:
        assert dict(WHATSAPP) == {code: outcome for outcome, codes in META.items() for code in codes}

    @each("status", [400, 401, 429, 500, 503])
    @each("outcome", META)
    def test_the_code_counts_whatever_the_http_status(self, outcome: type[SendError], status: int) -> None:
        for code in META[outcome]:
            told = error(code, status).answer
            assert told is not None
            found = failure(httpx.Response(status, content=told.body), WHATSAPP)
            assert type(found) is outcome
            assert found.code == str(code)

    @each(
        ("answer", "outcome", "code"),
        [
            (error(999_999, 400).answer, Refused, "999999"),
            (error(999_999, 500).answer, Unknown, "999999"),
            (json_answer({"error": {"code": 999_999, "is_transient": True}}, 400), Unknown, "999999"),
            (says(500).answer, Unknown, "http-500"),
            (says(502, b"<html>Bad gateway</html>").answer, Unknown, "http-502"),
            (says(408).answer, Unknown, "http-408"),
            (says(429).answer, NotAccepted, "http-429"),
            (says(404, b"\xff").answer, Refused, "http-404"),
            (says(301).answer, Refused, "http-301"),
            (says(400, b'{"error": "no"}').answer, Refused, "http-400"),
        ],
    )
    def test_answers_without_a_known_code(self, answer: Answer, outcome: type[SendError], code: str) -> None:
        found = failure(httpx.Response(answer.status, content=answer.body), WHATSAPP)
        assert (type(found), found.code) == (outcome, code)

    def test_the_vendors_wait_is_kept(self) -> None:
        told = httpx.Response(429, headers={"retry-after": "17"})
        found = failure(told, WHATSAPP)
        assert isinstance(found, NotAccepted)
        assert found.retry_after == 17
        date = httpx.Response(429, headers={"retry-after": "Fri, 31 Dec 2027 23:59:59 GMT"})
        assert failure(date, WHATSAPP).retry_after is None  # type: ignore[attr-defined]


class TestInstagram:
    def test_the_table_has_every_code(self) -> None:
        assert dict(INSTAGRAM) == {code: outcome for outcome, codes in META_INSTAGRAM.items() for code in codes}

    @each("status", [400, 403, 429, 500])
    @each("outcome", META_INSTAGRAM)
    def test_every_row_whatever_the_http_status(self, outcome: type[SendError], status: int) -> None:
        for row in META_INSTAGRAM[outcome]:
            code, subcode = (row[0] or 100, row[1]) if isinstance(row, tuple) else (row, None)
            told = error(code, status, subcode=subcode).answer
            assert told is not None
            found = failure(httpx.Response(status, content=told.body), INSTAGRAM)
            assert type(found) is outcome
            assert found.code == (str(code) if subcode is None else f"{code}/{subcode}")

    def test_an_unknown_subcode_leaves_the_code(self) -> None:
        told = error(10, 403, subcode=1).answer
        assert told is not None
        found = failure(httpx.Response(403, content=told.body), INSTAGRAM)
        assert (type(found), found.code) == (AccountStopped, "10")


class TestSes:
    def test_the_table_has_every_code(self) -> None:
        assert dict(SES) == {code: outcome for outcome, codes in AWS.items() for code in codes}

    async def test_every_row_and_every_status(self) -> None:
        rows: list[tuple[Answer, type[SendError]]] = [
            *((refusal(code, 400), outcome) for outcome, codes in AWS.items() for code in sorted(codes)),
            (refusal("SomethingNewException", 400), Refused),
            (refusal("SomethingNewException", 429), NotAccepted),
            (refusal("SomethingNewException", 408), Unknown),
            (refusal("InternalServiceErrorException", 500), Unknown),
            (Answer(502, b"<html>Bad gateway</html>"), Unknown),
            (Answer(503), Unknown),
            (Answer(200, b"not JSON"), Unknown),
            (json_answer({}), Unknown),
        ]
        async with SesStage.open() as stage:
            for answer, outcome in rows:
                stage.answers.append(answer)
                with pytest.raises(SendError) as raised:
                    await stage.transport.send(message(stage.recipient), stage.account)
                assert type(raised.value) is outcome, answer
            assert stage.taken() == len(rows)  # one request each: the SDK never tries again
            await stage.transport.close()


class TestSmtp:
    @each(("command", "code", "outcome"), SMTP)
    async def test_every_row(self, command: str, code: int, outcome: type[SendError]) -> None:
        async with SmtpStage.open() as stage:
            stage.server.replies[command] = f"{code} simulated"
            with pytest.raises(SendError) as raised:
                await stage.transport.send(message(stage.recipient), stage.account)
            assert (type(raised.value), raised.value.code) == (outcome, str(code))

    @pytest.mark.parametrize(("command", "outcome"), [("MAIL", NotAccepted), ("RCPT", NotAccepted), ("DATA", Unknown)])
    @pytest.mark.parametrize("silent", [True, False])
    async def test_a_lost_connection(self, command: str, outcome: type[SendError], silent: bool) -> None:
        async with SmtpStage.open() as stage:
            (stage.server.silent if silent else stage.server.hang_up).add(command)
            stage.transport = type(stage.transport)(timeout=0.2)
            with pytest.raises(SendError) as raised:
                await stage.transport.send(message(stage.recipient), stage.account)
            assert type(raised.value) is outcome
            assert stage.taken() == (1 if outcome is Unknown else 0)
