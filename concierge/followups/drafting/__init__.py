"""Drafts: the text a follow-up needs, written by a model, changed and approved by people.

    writing → proposed → approved → sent        (replaced, declined, failed beside them)

`wanting` asks for a version or takes a person's words, `writing` lets a model write it, `approving` says that it may
go. What becomes of a draft when its follow-up is due is the agent's policy (`model.Drafting`).
"""
