"""What Postgres knows about web chat sessions."""

from datetime import datetime
from uuid import UUID

from concierge.postgres.query import Conn, query
from concierge.webchat.model import Event, Session


@query("""
    with identity as (
        insert into contact_identity (tenant_id, contact_id, channel, kind, value, created_at)
        values (%(tenant_id)s, uuid_v7(), 'webchat', 'webchat', %(address)s, %(now)s)
        on conflict do nothing
        returning tenant_id, contact_id
    )
    insert into contact (id, tenant_id, name, created_at)
    select contact_id, tenant_id, %(name)s, %(now)s from identity
""")
async def add_visitor(conn: Conn, *, tenant_id: UUID, address: str, name: str | None, now: datetime) -> None:
    """A new person behind a new address; a known address stays whose it is."""


@query("""
    insert into webchat_session (tenant_id, channel_account_id, identity_id, opened_at)
    select tenant_id, %(account_id)s, id, %(now)s
    from contact_identity
    where tenant_id = %(tenant_id)s and channel = 'webchat' and kind = 'webchat' and value = %(address)s
    on conflict (channel_account_id, identity_id) do update set opened_at = webchat_session.opened_at
    returning id
""")
async def keep_session(conn: Conn, *, tenant_id: UUID, account_id: UUID, address: str, now: datetime) -> UUID:
    """The visitor's session with the widget, old or new."""


@query("""
    select s.id, s.tenant_id, s.channel_account_id, a.external_id as widget, i.value as address,
           c.id as conversation_id, s.last_seq, s.delivered_seq, s.read_seq
    from webchat_session s
    join channel_account a on a.id = s.channel_account_id
    join contact_identity i on i.id = s.identity_id
    left join conversation c on c.channel_account_id = s.channel_account_id and c.contact_id = i.contact_id
                            and c.status <> 'closed'
    where s.id = %(id)s and s.tenant_id = %(tenant_id)s
""")
async def find(conn: Conn, id: UUID, *, tenant_id: UUID) -> Session | None:
    """A session; None once its visitor was erased."""


@query("""
    select e.seq, case when m.id is null then 'out' else 'in' end as direction, coalesce(m.id, o.id) as id,
           split_part(m.provider_message_id, ':', 2) as client_message_id,
           coalesce(m.text, o.payload ->> 'text', '') as text, coalesce(m.received_at, o.created_at) as at
    from webchat_event e
    left join inbound_message m on m.id = e.inbound_message_id
    left join outbound_message o on o.id = e.outbound_message_id
    where e.session_id = %(session_id)s and e.tenant_id = %(tenant_id)s and e.seq > %(after)s
    order by e.seq limit %(limit)s
""")
async def events_after(conn: Conn, *, session_id: UUID, tenant_id: UUID, after: int, limit: int) -> list[Event]:
    """What the visitor has not been shown yet, in its order and without gaps."""


@query("""
    select exists (
        select from webchat_session s
        join contact_identity i on i.id = s.identity_id
        join conversation c on c.channel_account_id = s.channel_account_id and c.contact_id = i.contact_id
        where s.id = %(session_id)s and s.tenant_id = %(tenant_id)s
          and c.status = 'bot' and c.handled_seq < c.last_seq and c.parked_at is null
    )
""")
async def is_being_answered(conn: Conn, *, session_id: UUID, tenant_id: UUID) -> bool:
    """Whether something the visitor wrote is being thought about."""


@query("""
    select seq from webchat_event where inbound_message_id = %(inbound_id)s and tenant_id = %(tenant_id)s
""")
async def seq_of(conn: Conn, *, inbound_id: UUID, tenant_id: UUID) -> int | None:
    """The number of a message that came in; None once its session is gone."""


@query("""
    select e.outbound_message_id
    from webchat_session s
    join webchat_event e on e.session_id = s.id and e.outbound_message_id is not null
                        and e.seq > case when %(read)s then s.read_seq else s.delivered_seq end
    where s.id = %(session_id)s and s.tenant_id = %(tenant_id)s and e.seq <= %(seq)s
    order by e.seq
""")
async def unacknowledged(conn: Conn, *, session_id: UUID, tenant_id: UUID, seq: int, read: bool) -> list[UUID]:
    """Messages of ours up to `seq` that were not acknowledged so before, oldest first."""


@query("""
    update webchat_session
    set delivered_seq = greatest(delivered_seq, least(%(seq)s, last_seq)),
        read_seq = case when %(read)s then greatest(read_seq, least(%(seq)s, last_seq)) else read_seq end
    where id = %(session_id)s and tenant_id = %(tenant_id)s
""")
async def acknowledge(conn: Conn, *, session_id: UUID, tenant_id: UUID, seq: int, read: bool) -> None:
    """Remember how far the widget is; never further than there is something, and never back."""


@query("""
    select exists (select from channel_account
                   where channel = 'webchat' and settings -> 'origins' ? %(origin)s)
""")
async def is_known_origin(conn: Conn, *, origin: str) -> bool:
    """Whether any widget at all may stand on such a page. Across tenants: a preflight names no widget."""
