"""People, as their business's own systems see them: listed, changed, joined, handed out, forgotten.

`keeping` makes and changes them, `forgetting` erases one in all rooms at once (sql/functions/erase_person.sql) and
again when what was under way has ended. Who is who is found out below, in `identities`.
"""
