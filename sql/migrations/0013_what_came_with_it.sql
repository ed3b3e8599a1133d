-- why: a message can carry more than a text: its thread, a pressed button, files; and its sender can have two addresses.

alter table inbound_message
    add column whole  text,
    add column thread text[],
    add column choice text,
    add column token  text;
comment on column inbound_message.whole is 'Email: the text with the quoted thread, where text is only the newest reply.';
comment on column inbound_message.thread is 'Email: Message-IDs of the thread, oldest first.';
comment on column inbound_message.choice is 'The id or payload of what was pressed.';
comment on column inbound_message.token is 'Email: what stood after the "+" of our address.';

-- two contacts that turn out to be one person: the younger stays, empty, because others may still point to it
alter table contact add column merged_into uuid references contact;
create index contact_merged on contact (merged_into) where merged_into is not null;
comment on column contact.merged_into is 'This person is known as that contact now; identities and conversations are there.';

-- the function with one more parameter is another function
drop function if exists accept_inbound(timestamptz, uuid[], text[], text[], text[], text[], text[], text[], text[],
                                       text[], text[], timestamptz[], bytea[], text[]);
