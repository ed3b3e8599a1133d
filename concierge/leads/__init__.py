"""Leads: who writes, what they want and how good their case is, read from a conversation once it is quiet.

    turn settled → due in 5-15 minutes (`Leads`) → tick → model (`reading`) → checked → an extraction, and the lead

Every reading is kept; the lead holds the newest value that any reading found for each field. What a model says is
checked before it counts (`checking`): scores from 1 to 3, an address that was really written, a demo that code dates.
"""
