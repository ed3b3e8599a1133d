"""Who is who: several addresses of one person, found out now or later (docs/decisions/0016).

Arrival puts addresses that come together on one contact. `merging` makes one person of two contacts, `renaming` gives a
person another address. Both hold a lock that excludes arrival for the moment.
"""
