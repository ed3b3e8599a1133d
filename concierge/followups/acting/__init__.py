"""What people say about the follow-ups they have: later, otherwise, done, not any more, and what is on my list?

A model names them by references it was given (`T1`, `Q2`) and touches nothing else; which task one stands for, and
whether it can still be moved, code decides.
"""
