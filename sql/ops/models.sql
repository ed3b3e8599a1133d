-- Which models answer, how fast, and for how much?
-- Normal: every provider of MODELS answered lately; nobody rests.
-- If not: error says what a provider answered; one that rests is tried again at rests_till by itself.
select c.provider, c.purpose, count(*) as asked, count(*) filter (where c.outcome = 'answered') as answered,
       round(avg(c.latency_ms)) as ms, sum(c.cost_micro_usd) as micro_usd, b.rests_till,
       (array_agg(c.error order by c.created_at desc) filter (where c.error is not null))[1] as error
from model_call c
left join model_breaker b on b.provider = c.provider and b.rests_till > now()
where c.created_at > now() - interval '1 day'
group by c.provider, c.purpose, b.rests_till
order by micro_usd desc, asked desc
