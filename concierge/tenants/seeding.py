"""The first tenant, its channel accounts and its operator's key, as the environment describes them.

Seeding again changes what the environment changed and nothing else.
"""

from typing import Any

from concierge.channels.email import aws
from concierge.channels.model import Credentials
from concierge.errors import SettingsError
from concierge.postgres.query import Conn
from concierge.runtime import Runtime
from concierge.secret import Secret
from concierge.settings import Settings
from concierge.tenants import store
from concierge.tenants.keys import hashed
from concierge.tenants.vault import seal

SKILLS = ["bookings", "followups"]
OPERATOR = "operator"  # name of the key that the environment brings
LOCAL_HOSTS = ("localhost", "127.0.0.1")


async def seed(runtime: Runtime) -> None:
    """Bring the first tenant in line with the settings.

    Raises SettingsError where another tenant has the account, and where this would open a door that is locked.
    """
    settings = runtime.settings
    accounts = [_email(settings), _whatsapp(settings), _webchat(settings)]
    if settings.instagram_account_id:
        accounts.append(_instagram(settings, settings.instagram_account_id))
    async with runtime.begin() as conn:
        await _refuse_leniency(conn, accounts)
        tenant = await store.first_tenant(conn)
        facts = {
            "name": settings.tenant_name,
            "zone": settings.tenant_zone,
            "unknown_senders": settings.unknown_senders,
        }
        if tenant is None:
            tenant_id = await store.add_tenant(conn, **facts)
        else:
            tenant_id = tenant.id
            await store.change_tenant(conn, tenant_id, **facts)
        if settings.admin_api_key:
            key = hashed(settings.admin_api_key.reveal())
            await store.add_key(conn, tenant_id=tenant_id, name=OPERATOR, hash=key, scopes=["admin:*", "platform:*"])
            await store.revoke_other_keys(conn, tenant_id=tenant_id, name=OPERATOR, hash=key)
        for account in accounts:
            await _account(conn, settings, tenant_id, account)


async def _refuse_leniency(conn: Conn, accounts: list[dict[str, Any]]) -> None:
    """A database where all signatures are required is somebody's real one: an unsigned account has no place in it."""
    signed = [each["external_id"] for each in accounts if _signature(each) == "required"]
    unsigned = [each["external_id"] for each in accounts if _signature(each) == "off"]
    if unsigned and (locked := await store.locked_accounts(conn, signed=signed, unsigned=unsigned)):
        raise SettingsError(
            f"this database has accounts that require signatures ({', '.join(locked)}); set EMAIL_WEBHOOK_SECRET,"
            " WHATSAPP_APP_SECRET and INSTAGRAM_APP_SECRET, or another DATABASE_URL"
        )


async def _account(conn: Conn, settings: Settings, tenant_id: Any, facts: dict[str, Any]) -> None:
    credentials: Credentials = facts["credentials"]
    sealed = facts | {"credentials": seal(credentials, settings)}
    id = await store.keep_account(
        conn, tenant_id=tenant_id, signature=_signature(facts), agent="Concierge", skills=SKILLS, **sealed
    )
    if id is None:
        raise SettingsError(f"{facts['external_id']} belongs to another tenant")


def _signature(facts: dict[str, Any]) -> str:
    """Without a secret nothing can be verified; only development allows that (settings check it).

    Web chat has no webhook: tokens of ours guard it, and its secret only vouches for a page's users.
    """
    return "required" if facts["credentials"].webhook_secrets or facts["channel"] == "webchat" else "off"


def _email(settings: Settings) -> dict[str, Any]:
    return {
        "channel": "email",
        "external_id": settings.email_address.lower(),
        "transport": settings.email_transport,
        "settings": _present(
            from_name=settings.tenant_name,
            region=settings.ses_region,
            endpoint_url=settings.ses_endpoint_url,
            configuration_set=settings.ses_configuration_set,
            **{aws.SETTING: aws.MACHINE},
        ),
        "credentials": Credentials(
            webhook_secrets=_revealed(settings.email_webhook_secret),
            smtp_url=_plain(settings.smtp_url),
            aws_access_key_id=_plain(settings.aws_access_key_id),
            aws_secret_access_key=_plain(settings.aws_secret_access_key),
        ),
    }


def _whatsapp(settings: Settings) -> dict[str, Any]:
    return {
        "channel": "whatsapp",
        "external_id": settings.whatsapp_phone_number_id,
        "transport": settings.whatsapp_transport,
        "settings": _present(
            base_url=settings.whatsapp_base_url,
            api_version=settings.whatsapp_api_version,
            business_account_id=settings.whatsapp_business_account_id,
        ),
        "credentials": Credentials(
            webhook_secrets=_revealed(settings.whatsapp_app_secret),
            access_token=_plain(settings.whatsapp_access_token),
        ),
    }


def _instagram(settings: Settings, account_id: str) -> dict[str, Any]:
    return {
        "channel": "instagram",
        "external_id": account_id,
        "transport": "instagram" if settings.instagram_access_token else "sandbox",
        "settings": _present(
            base_url=settings.instagram_base_url,
            api_version=settings.whatsapp_api_version,
            # with Facebook login the token is a page's, and the page sends
            sender="me" if "graph.facebook.com" in settings.instagram_base_url else None,
        ),
        "credentials": Credentials(
            webhook_secrets=_revealed(settings.instagram_app_secret),
            access_token=_plain(settings.instagram_access_token),
        ),
    }


def _webchat(settings: Settings) -> dict[str, Any]:
    # as browsers write them
    origins = [origin.rstrip("/").lower() for origin in settings.webchat_origins or ()]
    if settings.concierge_env == "development":
        own = [f"http://{host}:{settings.port}" for host in LOCAL_HOSTS]
        origins = [*origins, *(origin for origin in own if origin not in origins)]
    return {
        "channel": "webchat",
        "external_id": "web",
        "transport": "webchat",
        "settings": {"origins": origins},
        "credentials": Credentials(webhook_secrets=_revealed(settings.webchat_identity_secret)),
    }


def _present(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}


def _plain(secret: Secret | None) -> str | None:
    return secret.reveal() if secret else None


def _revealed(secret: Secret | None) -> list[str]:
    return [secret.reveal()] if secret else []
