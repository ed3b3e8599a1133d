-- Which files that came with messages could not be fetched, and why?
-- Normal: none failed; refused are those that MEDIA_MAX_BYTES or MEDIA_TYPES exclude, or that the vendor has no more.
-- If not: mend the cause, then POST /admin/media/{id}/retry.
select f.id, a.channel, a.external_id as account, f.kind, f.mime_type, f.size, f.status, f.reason, f.tries, f.moved_at
from media f
join inbound_message m on m.id = f.inbound_message_id
join channel_account a on a.id = m.channel_account_id
where f.status in ('failed', 'refused')
order by f.moved_at desc limit 100
