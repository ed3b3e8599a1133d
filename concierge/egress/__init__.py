"""Calls to addresses that somebody else chose: a tenant's webhook endpoints.

`addresses` says where such a call may lead (pure), `calling` makes it: the name is looked up once, every address is
judged, and the connection goes to one that was judged; a redirect is judged as the first address was.
"""
