"""How an endpoint is written: the conventions every room's `api.py` keeps.

    @get("/follow-ups", opt=needs("follow-ups:read"))
    async def list_follow_ups(
        caller: NamedDependency[Caller], runtime: NamedDependency[Runtime], paging: NamedDependency[Paging]
    ) -> Page[FollowUp]:
        "Follow-ups, newest first."
        async with runtime.connection() as conn:
            return paging.page(await store.some(conn, tenant_id=caller.tenant_id, **paging.asked()))

    @post("/follow-ups", opt=needs("follow-ups:write"))
    async def add_follow_up(
        data: JSONBody[NewFollowUp], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
    ) -> FollowUp: ...

    HANDLERS = (list_follow_ups, add_follow_up)

`web/v1.py` lists the rooms and puts them below `/v1`: there the caller is identified by its key, the scope is checked
(a handler without one does not start: closed by default), limits and `Idempotency-Key` apply.

- `caller`  who calls: tenant, key, scopes
- `scopes`  what a key may do: `needs`, `check`
- `bodies`  strict decoding: every bad field is named at once, fields nobody knows are refused
- `values`  types of fields that more than one room has: zones, instants, names, phone numbers
- `paging`  `?limit=&cursor=`, newest first by (created_at, id)
- `tags`    ETag and If-Match
- `sse`     answers that do not end: server-sent events

Bodies are snake_case; ids are UUIDs; instants are RFC 3339 with an offset; a PATCH leaves alone what it does not name
(`field: T | UnsetType = UNSET`). Errors are raised (`concierge.errors.Rejected`), never returned.
"""
