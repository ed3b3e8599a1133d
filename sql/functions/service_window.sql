-- why: how long a person's message keeps the conversation open for free text. One place says it, for arrival and for operators.
-- Sources: Meta, WhatsApp “Send messages”; Meta, Instagram messaging “Send message”. Null: the channel knows no window.
create or replace function service_window(channel text) returns interval
language sql immutable parallel safe
return case when channel in ('whatsapp', 'instagram') then interval '24 hours' end;
