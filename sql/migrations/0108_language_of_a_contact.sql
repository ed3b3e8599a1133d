-- why: more is said in it than providers' templates

comment on column contact.language is
    'Such as en or pt_BR: what is said of bookings and follow-ups, and which translation of a template. null: the tenant''s.';
