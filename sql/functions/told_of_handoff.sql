-- why: whoever takes over reads the newest summary there is before the last words, also one that is written meanwhile.
create or replace function told_of_handoff(h handoff) returns text
language sql stable
as $$
  select concat_ws(e'\n\n', (
      select s.text from conversation c join summary s on s.contact_id = c.contact_id
      where c.id = h.conversation_id and s.status = 'success' and s.text is not null and h.redacted_at is null
        and s.range_end between h.requested_at - interval '7 days' and coalesce(h.ended_at, 'infinity')
      order by s.created_at desc, s.id desc limit 1), nullif(h.summary, ''))
$$;
