"""Our own token in an address of ours, behind the “+”: it says which conversation a reply belongs to (RFC 5233)."""


def without_token(address: str) -> tuple[str, str | None]:
    """`desk+token@domain` as (`desk@domain`, `token`); None where there is no token."""
    local, _, domain = address.rpartition("@")
    base, plus, token = local.partition("+")
    return (f"{base}@{domain}", token or None) if plus and base else (address, None)
