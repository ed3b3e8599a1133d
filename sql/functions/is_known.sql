-- why: vendors repeat themselves, and what is known of a message already (its status and pricing, since a receipt for it)
-- is not worth a write. Asked of a whole batch (fates.known), and again of a row that is locked (fates.apply_receipt).
create or replace function is_known(status text, pricing text, receipt_at timestamptz, said text, facts jsonb)
returns boolean
language sql immutable
as $$
  select coalesce(
    receipt_at is not null and said <> 'failed'
    and array_position(array['sent', 'failed', 'delivered', 'read'], said)
        <= array_position(array['sent', 'failed', 'delivered', 'read'], status)
    and facts - 'pricing' = '{}' and (pricing is not null or not facts ? 'pricing'), false)
$$;
