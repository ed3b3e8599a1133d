-- why: what a key does names the key in the timeline of what it did it to, so admission tells the key's name, too; a function's
-- columns cannot be changed in place. It is made anew right after this.
drop function if exists admit_caller(bytea, int, double precision, timestamptz);
