"""Files that came with a message: fetched from the vendor by a job, kept in the file store, forgotten with the message.

The message itself never waits for them. `fetching` gets one file at a time, `forgetting` deletes what is old.
"""
