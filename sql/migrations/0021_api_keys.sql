-- why: keys come and go by the API: the next one is live before the last one ends, and nobody ends one that is in use.

alter table api_key
    add column prefix       text,
    add column last_used_at timestamptz,
    add column expires_at   timestamptz;
comment on column api_key.prefix is 'The first characters of the key, by which people tell theirs apart; null: it came from the environment.';
comment on column api_key.last_used_at is 'To the minute.';
comment on column api_key.expires_at is 'From then on it opens nothing; set when a successor was made.';
