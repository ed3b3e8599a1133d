-- why: what is done with a key is noted like what an operator does, and a word may change hands; a stored answer that
-- is about a person goes with the person.

alter table audit_entry add column actor_id uuid, add column correlation_id text;
comment on column audit_entry.actor_id is 'The key or the operator; null for the command line.';
comment on column audit_entry.action is 'An operator''s verb, or the operation of the API.';

alter table idempotent_request alter column body drop not null, add column subject_ids uuid[] not null default '{}';
alter table idempotent_request alter column subject_ids drop default;
comment on column idempotent_request.body is 'Encrypted outside the database: an answer may hold what is shown only once. Null: erased with whom it was about.';
comment on column idempotent_request.subject_ids is 'What the request and its answer name: things, and whose they are.';
