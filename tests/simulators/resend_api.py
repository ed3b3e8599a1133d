"""Resend's API for received mail: one key, mails by id, each raw behind a signed URL or as parsed fields.

async with ResendApi().serving() as resend:
    resend.mails["id"] = raw_bytes        # or {"text": …, "html": …, "headers": {…}}
    resend.otherwise = raw_bytes          # what every other id is answered with; None: 404
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

from concierge.simulators.serving import Answer, Request, json_answer, serving


class ResendApi:
    """`answering` False: every request is answered 500."""

    def __init__(self, key: str = "re_123") -> None:
        self.key = key
        self.url = ""
        self.answering = True
        self.mails: dict[str, bytes | dict[str, Any]] = {}
        self.otherwise: bytes | None = None

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Self]:
        async with serving(self._answer) as self.url:
            yield self

    async def _answer(self, request: Request) -> Answer | None:
        if not self.answering:
            return Answer(500)
        id = request.path.rpartition("/")[2].partition("?")[0]
        mail = self.mails.get(id, self.otherwise)
        if mail is None:
            return json_answer({"name": "not_found"}, 404)
        if request.path.startswith("/raw/") and isinstance(mail, bytes):
            return Answer(200, mail)
        if request.headers.get("authorization") != f"Bearer {self.key}":
            return json_answer({"name": "restricted_api_key"}, 401)
        if isinstance(mail, bytes):
            return json_answer({"object": "email", "id": id, "raw": {"download_url": f"{self.url}/raw/{id}?sig=1"}})
        return json_answer({"object": "email", "id": id, "raw": None, **mail})
