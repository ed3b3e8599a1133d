-- why: an agent's timeline says who moved it, as all others do

alter table agent add column changed_by text;
comment on column agent.changed_by is 'who did so last, as timelines say it: key:shop, operator:anna; null: nobody but us';
