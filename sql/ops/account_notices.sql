-- What did vendors say about our accounts?
-- Normal: approved templates, changes of limits, now and then a change of quality.
-- If not: a rejected or paused template, a lower quality or a restriction needs a hand at the vendor's side.
select n.at, a.channel, a.external_id as account, n.kind, n.text
from account_notice n
join channel_account a on a.id = n.channel_account_id
order by n.received_at desc limit 100
