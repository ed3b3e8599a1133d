"""`python -m bench soak`: minutes of WhatsApp at a steady rate, everything delivered twice and reported in any order.

The real processes over the real database, Meta's part played by its simulator, which keeps books of its own. At the
end the two ledgers are compared: what came in, what went out, in which order, and what became of it.
"""
