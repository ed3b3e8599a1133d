-- why: the default of every id. Ids sort by the time they were made, to the microsecond, so that what one process does
-- in one millisecond stays in its order.
--
-- RFC 9562, version 7, its method 3: 48 bits of milliseconds, the version, then twelve bits with the fraction of the
-- millisecond (in steps of a quarter of a microsecond), and 62 random bits. So both times are one number, milliseconds
-- times 4096, into which the version is put four bits deep. Faster than setting each bit, and the planner takes it into
-- the statement that asks. One function for every Postgres from 15 on: uuidv7() is there from 18 (ADR 117).
create or replace function uuid_v7() returns uuid
language sql volatile parallel safe
return encode(
    overlay(uuid_send(gen_random_uuid())
            placing int8send(overlay((date_part('epoch', clock_timestamp()) * 4096000)::bigint::bit(60)
                                     placing b'0111' from 49 for 0)::bigint)
            from 1 for 8),
    'hex')::uuid;
