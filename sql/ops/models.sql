-- Which models answer, how fast, and for how much?
-- Normal: every provider of MODELS answered lately; nobody rests. Of the last day, its newest 10,000 questions: see since.
-- If not: error says what a provider answered; one that rests is tried again at rests_till by itself.
select c.provider, c.purpose, count(*) as asked, count(*) filter (where c.outcome = 'answered') as answered,
       round(avg(c.latency_ms)) as ms, sum(c.cost_micro_usd) as micro_usd, min(c.created_at) as since, b.rests_till,
       (array_agg(c.error order by c.created_at desc) filter (where c.error is not null))[1] as error
from (
  select provider, purpose, outcome, latency_ms, cost_micro_usd, created_at, error from model_call
  where created_at > now() - interval '1 day' order by created_at desc limit 10000
) c
left join model_breaker b on b.provider = c.provider and b.rests_till > now()
group by c.provider, c.purpose, b.rests_till
order by micro_usd desc, asked desc
