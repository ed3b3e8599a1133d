"""Accounts that nobody has: the variables that point WhatsApp and Instagram at a simulator on this machine."""

import secrets
from collections.abc import Mapping


def accounts(port: int) -> Mapping[str, str]:
    """Settings of a number and an Instagram account at a simulator on this port, with keys of their own."""
    url, token, secret = f"http://127.0.0.1:{port}", secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    return {
        "WHATSAPP_TRANSPORT": "whatsapp",
        "WHATSAPP_BASE_URL": url,
        "WHATSAPP_PHONE_NUMBER_ID": "106540352242922",
        "WHATSAPP_BUSINESS_ACCOUNT_ID": "102290129340398",
        "WHATSAPP_ACCESS_TOKEN": token,
        "WHATSAPP_APP_SECRET": secret,
        "WHATSAPP_VERIFY_TOKEN": secret,
        "INSTAGRAM_BASE_URL": url,
        "INSTAGRAM_ACCOUNT_ID": "17841405822304914",
        "INSTAGRAM_ACCESS_TOKEN": token,
        "INSTAGRAM_APP_SECRET": secret,
        "INSTAGRAM_VERIFY_TOKEN": secret,
    }
