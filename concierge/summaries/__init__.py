"""Summaries: what was said with somebody in the last seven days.

    message settled, or somebody asks → waiting (a due row) → tick → running → success · skipped · failed

One waits and one runs per contact, whoever asks how often; what was read is known by its hash, and the same is not read
twice. The text is the model's, and says by which model and with which prompt it was written.
"""
