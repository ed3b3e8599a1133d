"""Agents as tenants configure them, and their prompts.

One live agent an account. Linking another one archives the account's conversations: they are closed and stay readable,
and who writes next begins a new one. `linking` does that, `checking` holds what is configured against what the skills
take, `prompting` keeps prompts as versions that never change. docs/agents.md is the tenants' page.
"""
