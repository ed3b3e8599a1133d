"""What operators see and do, as pages: rendered here, made lively by htmx, closed by default.

A page is a module named as what it shows (`outbox.py`: handlers), its statements (`store/outbox.py`) and its templates
(`pages/outbox*.html`). A handler that shows takes `operator`; one that changes something takes `acting`, which holds
the form against the session's CSRF token and the role, and its transaction notes what was done:

    @post("/outbox/{id:uuid}/retry")
    async def retry(id: FromPath[UUID], acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]) -> Redirect:
        async with runtime.begin() as conn:
            await retry_message(conn, id, tenant_id=acting.tenant_id, by=acting.actor, now=runtime.clock())
            await acting.note(conn, "retry", "outbound_message", id, now=runtime.clock())
        return back(f"/outbox/{id}", said="retried")

- `operators`   who may sign in; `passwords` how a password is kept
- `sessions`    who is signed in: a cookie whose hash a row holds
- `guarding`    the dependencies `operator`, `acting`, `admin`
- `rendering`   templates, and how times, counts and states are written
- `listing`     cursor pages and bounded counts, so that every page is quick at any size
- `routes`      every page, in the order of the menu
"""
