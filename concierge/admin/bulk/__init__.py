"""Something done to everything that matches: asked for at once, done by a job in batches, its progress readable.

A batch, its mark in the operation's row and the next job are one transaction: a worker that dies takes nothing along,
and another goes on from the mark. A new kind of operation is a function in `steps`.

- `model`     what an operation is, and its job
- `store`     its row
- `steps`     what one batch of each kind does
- `messages`  those that are done to outbound messages
- `beginning` how one of those begins
- `sweeping`  from batch to batch
- `api`       `/v1/admin/jobs/retry`, `/v1/outbound-messages/retry` and their like; progress
"""
