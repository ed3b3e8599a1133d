"""One contact on one account: which messages are new, and the fence that lets only one worker settle them."""
