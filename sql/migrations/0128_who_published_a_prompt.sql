-- why: an agent behaves otherwise from a new text on, and its timeline says who published that

alter table prompt_version add column published_by text;
comment on column prompt_version.published_by is 'As timelines say it: key:shop, operator:anna; null: nobody but us';
