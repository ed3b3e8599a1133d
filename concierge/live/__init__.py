"""What happens to a tenant's things, told as it happens: `GET /v1/events`.

`tail` finds out, once for all streams of a process, up to which event nothing can come in between any more; `streaming`
tells each client the events of its tenant up to there, in order, from the last one it has. `store` asks Postgres.
"""
