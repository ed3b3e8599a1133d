"""Vendors on loopback, for play and for proof: real servers that check, answer, report and misbehave as theirs do.

Development only; nothing but the commands and the tests asks for this room. Those that need libraries of the tests
stand in tests/simulators.
"""
