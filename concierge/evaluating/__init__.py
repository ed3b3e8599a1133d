"""How well a model reads: hand-checked messages, what it makes of them, and where it fails.

files of cases → `cases` → a prompt each → the model → `scoring` against what was expected → `report`
"""
