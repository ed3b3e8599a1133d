"""The form of an agent, as its settings have it, and how far a conversation has come in it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct, field, to_builtins

from concierge.intake.wording import phrases
from concierge.languages.speaking import FIRST
from concierge.llm.purposes import FieldKind

Text = Annotated[str, Meta(min_length=1, max_length=500)]
Key = Annotated[str, Meta(pattern="^[a-z][a-z0-9_]{0,39}$")]
Words = Annotated[list[Annotated[str, Meta(min_length=1, max_length=60)]], Meta(max_length=50)]


class Field(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to know."""

    key: Key
    kind: FieldKind = "text"
    label: Text | None = None  # for the human who takes over; null: the key
    ask: Text | None = None  # when it alone is missing of its question; null: the question's words
    of: Literal["person", "conversation"] = "person"  # whose it is: a name stays, what is wanted does not


class Question(Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked at once, and the fields it fills."""

    key: Key
    ask: Text
    fields: Annotated[list[Field], Meta(min_length=1, max_length=10)]


class Service(Struct, frozen=True, forbid_unknown_fields=True):
    """Something the business does, and the words by which people ask for it. Never listed to anybody."""

    name: Text
    words: Words


def questions(language: str) -> list[Question]:
    """The usual form."""
    words = phrases(language)
    return [
        Question("service", words.service, [Field("service", "service", "Service", of="conversation")]),
        Question("name", words.name, [Field("name", "name", "Full name")]),
        Question("nationality", words.nationality, [Field("nationality", "nationality", "Nationality")]),
        Question(
            "contact",
            words.contact,
            [
                Field("email", "email", "Email", words.email),
                Field("best_time", "time", "Best time to call", words.best_time, of="conversation"),
            ],
        ),
    ]


QUESTIONS = questions(FIRST)
SERVICES = [
    Service("Family visa", ["family visa", "visa for my wife", "visa for my husband", "sponsor my family"]),
    Service("Golden visa", ["golden visa"]),
    Service("Visa", ["visa", "residence", "residency", "emirates id"]),
    Service("Work permit", ["work permit", "labour card", "labor card"]),
    Service("Business setup", ["business setup", "company formation", "trade license", "trade licence", "free zone"]),
    Service("Accounting", ["accounting", "bookkeeping", "vat", "tax"]),
]


class Intake(Struct, frozen=True, forbid_unknown_fields=True):
    """What `agent.settings["intake"]` holds."""

    questions: Annotated[list[Question], Meta(min_length=1, max_length=20)] = field(default_factory=lambda: QUESTIONS)
    services: Annotated[list[Service], Meta(max_length=100)] = field(default_factory=lambda: SERVICES)
    patience: Annotated[int, Meta(ge=1, le=10)] = 3  # times one question is asked in a row; then a human is wanted
    farewell: Text = phrases(FIRST).farewell

    @property
    def fields(self) -> list[Field]:
        """Everything to know, in the order in which it is asked."""
        return [each for question in self.questions for each in question.fields]


def usual(language: str) -> dict[str, Any]:
    """What a form asks and says in the language, where its agent's settings do not."""
    return {"questions": to_builtins(questions(language)), "farewell": phrases(language).farewell}


class Known(Struct, frozen=True):
    """An answer there is already."""

    key: str
    value: str


class Progress(Struct, frozen=True):
    """How far a conversation has come."""

    known: list[Known]
    asked: str | None  # key of the question asked last
    times: int  # in a row
    completed: bool


class Answer(Struct, frozen=True):
    """What a turn says about one field."""

    key: str
    value: str
    inbound_message_id: UUID


class Thought(Struct, frozen=True, kw_only=True):
    """What a turn has told, and what comes next."""

    answers: list[Answer]
    facts: dict[str, str]  # by label: everything known now, for the human
    ask: Question | None = None
    text: str | None = None  # what is said; None: another skill answers, or nothing is left to say
    times: int = 0  # that the question will have been asked in a row
    complete: bool = False
    hand_over: str | None = None  # why a human is wanted
