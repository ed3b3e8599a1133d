"""What Postgres knows about one conversation, for its page."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Talk(Struct, frozen=True, kw_only=True):
    """A conversation. `wanted_for` and `recap`: why a human is wanted, and what the human has to know."""

    id: UUID
    status: str
    reason: str | None
    channel: str
    channel_account_id: UUID
    account: str
    agent: str | None
    contact_id: UUID
    person: str | None
    address: str
    suppressed: str | None
    waiting: int
    parked_at: datetime | None
    parked_reason: str | None
    windowed: bool
    window_until: datetime | None
    human_agent: bool  # what people write is taken for a week
    opened_at: datetime
    wanted_for: str | None
    recap: str | None
    taken_by: str | None


class File(Struct, frozen=True, kw_only=True):
    """What came with a message; to be had once it is `stored`."""

    id: UUID
    kind: str
    status: str
    reason: str | None
    filename: str | None
    mime_type: str | None
    size: int | None


class Said(Struct, frozen=True, kw_only=True):
    """One message. `app`: by hand, in the vendor's own app. `quoted`: the beginning of what it answers."""

    id: UUID
    direction: Literal["in", "out", "app"]
    kind: str
    text: str
    subject: str | None
    context: str | None
    in_group: bool
    automated: str | None
    status: str | None
    reason: str | None
    template: str | None
    send_at: datetime | None
    quoted: str | None
    files: list[File]
    at: datetime
    redacted_at: datetime | None


class Known(Struct, frozen=True, kw_only=True):
    """How far an intake has come. `answers`: by key."""

    asked: str | None
    times: int
    completed_at: datetime | None
    answers: dict[str, str]


class Due(Struct, frozen=True, kw_only=True):
    """A follow-up of the conversation."""

    id: UUID
    title: str
    status: str
    due_at: datetime | None


class Template(Struct, frozen=True, kw_only=True):
    """A text the provider has approved."""

    id: UUID
    name: str
    language: str
    category: str
    kind: str | None
    parameters: list[str]


@query("""
    select c.id, c.status, c.reason, a.channel, a.id as channel_account_id, a.external_id as account, g.name as agent,
           p.id as contact_id, p.name as person, i.value as address, suppression_of(i.id) as suppressed,
           (c.last_seq - c.handled_seq)::int as waiting, c.parked_at, c.parked_reason,
           service_window(a.channel) is not null as windowed, c.window_until,
           a.channel = 'instagram' and coalesce(a.settings -> 'human_agent' = 'true', false) as human_agent,
           c.opened_at, h.reason as wanted_for, h.summary as recap, h.taken_by
    from conversation c
    join channel_account a on a.id = c.channel_account_id
    join contact p on p.id = c.contact_id
    join contact_identity i on i.id = c.identity_id
    left join agent g on g.channel_account_id = a.id and g.live
    left join handoff h on h.conversation_id = c.id and h.ended_at is null
    where c.id = %(id)s and c.tenant_id = %(tenant_id)s
""")
async def find(conn: Conn, id: UUID, *, tenant_id: UUID) -> Talk | None:
    """One conversation."""


@query("""
    with said as (
        (select i.id, 'in' as direction, i.kind, i.text, i.subject, i.context, i.group_id is not null as in_group,
                i.automated, null as status, null as reason, null as template, null::timestamptz as send_at, i.quotes,
                i.channel_account_id, i.received_at as at, i.redacted_at
         from inbound_message i
         where i.tenant_id = %(tenant_id)s and i.conversation_id = %(conversation_id)s
           and (i.received_at, i.id) < (%(before)s, %(before_id)s)
         order by i.received_at desc, i.id desc limit %(limit)s)
        union all
        (select o.id, 'out', o.kind, coalesce(o.payload ->> 'text', ''), o.payload ->> 'subject', null, false, null,
                o.status, o.reason,
                coalesce(o.extra ->> 'name', o.payload #>> '{extra,name}'), o.send_at,
                o.payload ->> 'quotes', o.channel_account_id, o.created_at, o.redacted_at
         from outbound_message o
         where o.tenant_id = %(tenant_id)s and o.conversation_id = %(conversation_id)s
           and (o.created_at, o.id) < (%(before)s, %(before_id)s)
         order by o.created_at desc, o.id desc limit %(limit)s)
        union all
        (select r.id, 'app', 'text', r.text, null, null, false, null, null, null, null, null, null,
                r.channel_account_id, r.sent_at, r.redacted_at
         from app_reply r
         where r.tenant_id = %(tenant_id)s and r.conversation_id = %(conversation_id)s
           and (r.sent_at, r.id) < (%(before)s, %(before_id)s)
         order by r.sent_at desc, r.id desc limit %(limit)s)
        order by at desc, id desc limit %(limit)s
    )
    select s.id, s.direction, s.kind, s.text, s.subject, s.context, s.in_group, s.automated, s.status, s.reason,
           s.template, s.send_at, q.words as quoted, coalesce(m.files, '[]') as files, s.at, s.redacted_at
    from said s
    left join lateral (
        select jsonb_agg(jsonb_build_object('id', id, 'kind', kind, 'status', status, 'reason', reason,
                                            'filename', filename, 'mime_type', mime_type, 'size', size)
                         order by n) as files
        from media where inbound_message_id = s.id) m on s.direction = 'in'
    left join lateral (
        select left(q.text, 160) as words from inbound_message q
        where q.channel_account_id = s.channel_account_id and q.provider_message_id = s.quotes
        union all
        select left(q.payload ->> 'text', 160) from outbound_message q
        where q.channel_account_id = s.channel_account_id and q.provider_message_id = s.quotes
        limit 1) q on s.quotes is not null
    order by s.at desc, s.id desc
""")
async def said(
    conn: Conn, *, tenant_id: UUID, conversation_id: UUID, before: datetime, before_id: UUID, limit: int
) -> list[Said]:
    """A page of what was said by both sides, newest first."""


@query("""
    select i.asked, coalesce(i.times, 0) as times, i.completed_at, coalesce(a.answers, '{}') as answers
    from conversation c
    left join intake i on i.conversation_id = c.id
    left join lateral (select jsonb_object_agg(key, value order by created_at) as answers from intake_answer
                       where conversation_id = c.id and redacted_at is null) a on true
    where c.id = %(conversation_id)s and c.tenant_id = %(tenant_id)s and (i.id is not null or a.answers is not null)
""")
async def intake(conn: Conn, *, conversation_id: UUID, tenant_id: UUID) -> Known | None:
    """What they were asked and said; None where no form was ever begun."""


@query("""
    select t.id, t.title, t.status, t.due_at
    from conversation c join task t on t.contact_id = c.contact_id and t.conversation_id = c.id
    where c.id = %(conversation_id)s and c.tenant_id = %(tenant_id)s
    order by t.created_at desc, t.id desc limit 20
""")
async def follow_ups(conn: Conn, *, conversation_id: UUID, tenant_id: UUID) -> list[Due]:
    """The newest follow-ups of the conversation."""


@query("""
    select id, name, language, category, kind, parameters from message_template
    where channel_account_id = %(channel_account_id)s and tenant_id = %(tenant_id)s and status = 'approved'
    order by name, language limit 50
""")
async def templates(conn: Conn, *, channel_account_id: UUID, tenant_id: UUID) -> list[Template]:
    """What can be said outside the window."""
