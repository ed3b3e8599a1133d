"""Who stands behind an API key, and what it may do."""

from uuid import UUID

from msgspec import Struct


class Caller(Struct, frozen=True):
    """Whose key it is. Everything the caller asks for is bound to `tenant_id`.

    `actor`: who did it, as it is kept: `key:<name>`, or `operator:<login>` where an operator asks in the console.
    """

    tenant_id: UUID
    key_id: UUID
    scopes: list[str]
    actor: str

    def may(self, scope: str) -> bool:
        """Whether the key holds `scope`.

        `messages:write` holds `messages:read`, `*:read` every `…:read`, `*:write` every `…:write`; `admin:*` holds
        everything but `platform:*`, which reaches beyond the tenant.
        """
        noun, _, verb = scope.partition(":")
        wide = {scope, f"*:{verb}"}
        if verb == "read":
            wide |= {f"{noun}:write", "*:write"}
        if noun != "platform":
            wide.add("admin:*")
        return not wide.isdisjoint(self.scopes)

    def may_see(self, tenant_id: UUID) -> bool:
        """Whether a tenant that a path names is the caller's own, or the caller reaches beyond its own."""
        return tenant_id == self.tenant_id or self.may("platform:*")
