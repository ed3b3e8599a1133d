"""Businesses: their settings, their API keys, their channel accounts and the agents that answer there."""
