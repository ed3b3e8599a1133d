"""How we trust others' certificates: by one list of authorities, read once a process."""

import ssl
from functools import cache


@cache
def trusted() -> ssl.SSLContext:
    """The context every client shares: reading the list takes 35 ms. `SSL_CERT_FILE` names another one."""
    import httpx  # noqa: PLC0415 - who opens no connection need not wait for it

    return httpx.create_ssl_context()
