"""Language models, one vendor a file, behind one question-and-answer protocol.

What is asked stands in `purposes.py`, the words it is asked with in `prompts/`. Personal data is taken out
before a prompt leaves the process and put back into the answer (`redaction.py`). `local` needs no vendor.
"""
