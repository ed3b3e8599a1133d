-- why: an answer costs the business money, and must be paid for before a model is asked (docs/decisions/0035).

create table credit_account (
    id         uuid primary key default uuid_v7(),
    tenant_id  uuid not null unique references tenant,
    balance    bigint not null default 0 check (balance >= 0),
    created_at timestamptz not null
);
comment on table credit_account is 'What a tenant may still spend on answers. A tenant without one spends without limit.';
comment on column credit_account.balance is 'The sum of its entries; the trigger keep_balance makes it so, and nothing else writes it.';

create table credit_entry (
    id              uuid primary key default uuid_v7(),
    position        bigint generated always as identity,
    tenant_id       uuid not null references tenant,
    account_id      uuid not null references credit_account,
    kind            text not null check (kind in ('grant', 'reserve', 'settle', 'release')),
    amount          bigint not null,
    reserved        bigint,
    reserve_id      uuid unique,
    conversation_id uuid references conversation,
    turn_seq        bigint,
    key             text,
    note            text,
    created_at      timestamptz not null,
    unique (id, reserved),
    unique (account_id, key),
    -- an end knows how much its reserve took, and gives back no more
    foreign key (reserve_id, reserved) references credit_entry (id, reserved),
    check (case kind when 'grant' then amount > 0 and key is not null
                     when 'reserve' then amount < 0 and reserved = -amount and conversation_id is not null
                                         and turn_seq is not null
                     when 'settle' then amount between 0 and reserved and reserve_id is not null
                     when 'release' then amount = reserved and reserve_id is not null end)
);
comment on table credit_entry is 'One line of the ledger, never changed. amount is what the balance changes by.';
comment on column credit_entry.position is 'Order within the ledger.';
comment on column credit_entry.reserved is 'How much the reserve took: of itself, or of the one that this entry ends.';
comment on column credit_entry.turn_seq is 'Where the conversation''s cursor stood; with the conversation it names one turn.';
create index credit_entry_account on credit_entry (account_id, position);
create index credit_entry_tenant on credit_entry (tenant_id, position);

create table credit_hold (
    id              uuid primary key references credit_entry,
    tenant_id       uuid not null references tenant,
    conversation_id uuid not null references conversation,
    turn_seq        bigint not null,
    created_at      timestamptz not null,
    unique (conversation_id, turn_seq)
);
comment on table credit_hold is 'A reserve that has no end yet; id is its entry''s. One a turn, however many workers think about it.';
create index credit_hold_age on credit_hold (created_at);
