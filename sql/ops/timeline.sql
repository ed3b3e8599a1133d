-- What happened in one conversation, in order?  conversation: its id (see conversations)
-- Normal: every message in is followed by what came of it.
-- If not: the last line is where it stopped.
with conversation as (select %(conversation)s::uuid as id)
select at, what, detail from (
    select m.received_at as at, 0 as rank, m.seq as n, 'message in' as what, m.text as detail
    from inbound_message m, conversation c where m.conversation_id = c.id
    union all
    select t.created_at, 1, 0, 'follow-up found',
           t.title || case when b.to_status = 'pending' then to_char(t.wall, '", due "Dy DD Mon YYYY HH24:MI')
                           else ', time unclear' end
    from task t, event b, conversation c
    where t.conversation_id = c.id and b.subject_id = t.id and b.from_status is null
    union all
    select x.created_at, 1, 0, 'nothing to do', 'no follow-up was found in it'
    from extraction x, conversation c
    where x.conversation_id = c.id and x.purpose = 'extract' and jsonb_array_length(x.reading -> 'tasks') = 0
      and coalesce(jsonb_array_length(x.reading -> 'changes'), 0) = 0
      and coalesce(jsonb_typeof(x.reading -> 'preferred'), 'null') = 'null'
      and not coalesce((x.reading ->> 'lists')::boolean, false)
    union all
    select e.at, 2, e.id, 'follow-up ' || e.to_status, t.title || coalesce(' (' || e.detail || ')', '')
    from task t, event e, conversation c
    where t.conversation_id = c.id and e.subject_id = t.id and e.from_status is not null
    union all
    select e.at, 3, e.id, o.kind || ' ' || e.to_status, case when e.to_status = 'sent' then o.payload ->> 'text' else e.detail end
    from outbound_message o, event e, conversation c
    where o.conversation_id = c.id and e.subject_id = o.id
) everything
order by at, rank, n
limit 500
