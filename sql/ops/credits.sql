-- Which tenants pay for answers, what have they left, and who waits for credits?
-- Normal: a balance, nobody waiting; reserved is what is being thought about now.
-- If not: grant credits (POST /v1/credits/entries); what waits is taken up within seconds.
select t.name as tenant, a.balance,
       (select coalesce(sum(e.reserved), 0) from credit_hold h join credit_entry e on e.id = h.id
        where h.tenant_id = t.id) as reserved,
       (select -sum(e.amount) from credit_entry e
        where e.tenant_id = t.id and e.kind <> 'grant' and e.created_at > now() - interval '1 day') as spent_in_a_day,
       count(c.id) as conversations_waiting, date_trunc('second', now() - min(c.parked_at)) as longest
from credit_account a
join tenant t on t.id = a.tenant_id
left join conversation c on c.tenant_id = t.id and c.parked_at is not null and c.parked_reason = 'out of credits'
group by t.id, a.id
order by a.balance, t.name
