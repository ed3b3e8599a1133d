"""Everything that can be said, with what it is for: the only list there is."""

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

from concierge.secret import Secret


def _about(description: str, *, ge: int | None = None, le: int | None = None) -> Meta:
    return Meta(description=description, ge=ge, le=le)


class Settings(Struct, frozen=True, kw_only=True):
    """Everything Concierge can be told from outside. Times in seconds unless the name says otherwise."""

    concierge_env: Annotated[
        Literal["development", "production"], _about("in production, unsigned webhooks and open doors are refused")
    ] = "production"
    database_url: Annotated[Secret, _about("postgresql://user:password@host/database, direct rather than pooled")]
    host: Annotated[str, _about("address the web process listens on")] = "127.0.0.1"
    port: Annotated[int, _about("port the web process listens on; 0 takes a free one", ge=0, le=65535)] = 3000
    public_url: Annotated[
        str | None,
        _about("https address people reach the web process at; without it no e-mail has an unsubscribe link"),
    ] = None
    log_level: Annotated[Literal["debug", "info", "warning", "error"], _about("least level that is logged")] = "info"
    log_format: Annotated[
        Literal["auto", "json", "console"], _about("auto: console in a terminal during development, else json")
    ] = "auto"
    concierge_secret_keys: Annotated[
        list[Secret], _about("Fernet keys, 32 bytes in URL-safe base64; the first encrypts, all decrypt")
    ]
    admin_api_key: Annotated[Secret | None, _about("key of the first operator, at least 16 characters")] = None
    console_login: Annotated[str, _about("login of the console's first admin")] = "admin"
    console_password: Annotated[
        Secret | None, _about("its password, at least 10 characters; without it there is none")
    ] = None

    job_runner_token: Annotated[
        Secret | None, _about("opens /api/jobs/metrics and /api/jobs/run-outbound, at least 16 characters")
    ] = None
    cron_secret: Annotated[Secret | None, _about("opens /api/cron/run-outbound-jobs, at least 16 characters")] = None
    debug_routes: Annotated[Literal["off", "on"], _about("whether operators may call /debug/enqueue-summary")] = "off"

    api_rate_limit: Annotated[int, _about("requests to the API that one key may make a minute", ge=1)] = 1000

    tenant_name: Annotated[str, _about("name of the tenant made by seed")] = "My business"
    tenant_zone: Annotated[str, _about("its IANA time zone, such as Europe/Berlin")] = "UTC"
    unknown_senders: Annotated[
        Literal["create", "ignore"], _about("what a message from an unknown address does: make a contact, or nothing")
    ] = "create"

    models: Annotated[
        list[str] | None,
        _about("who is asked, first choice first, such as anthropic, local; empty: all with a key, else local"),
    ] = None
    anthropic_api_key: Annotated[Secret | None, _about("without it Claude is not asked")] = None
    anthropic_base_url: Annotated[str, _about("where the Messages API is")] = "https://api.anthropic.com"
    anthropic_model_small: Annotated[str, _about("Claude that reads: extract, score")] = "claude-haiku-5-5"
    anthropic_model_large: Annotated[str, _about("Claude that writes: draft, reply, summarise")] = "claude-sonnet-5-5"
    openai_api_key: Annotated[Secret | None, _about("without it OpenAI is not asked")] = None
    openai_base_url: Annotated[str, _about("where the Responses API is")] = "https://api.openai.com/v1"
    openai_model_small: Annotated[str, _about("OpenAI's model that reads")] = "gpt-5-mini"
    openai_model_large: Annotated[str, _about("OpenAI's model that writes")] = "gpt-5.4"
    openai_conversations: Annotated[
        Literal["off", "on"], _about("whether OpenAI keeps conversations, so that replies need not send them anew")
    ] = "off"
    groq_api_key: Annotated[Secret | None, _about("without it Groq is not asked")] = None
    groq_base_url: Annotated[str, _about("where its chat completions are")] = "https://api.groq.com/openai/v1"
    groq_model: Annotated[str, _about("Groq's model")] = "openai/gpt-oss-20b"
    compatible_base_url: Annotated[
        str | None, _about("chat completions of another server, such as http://localhost:11434/v1; without it none")
    ] = None
    compatible_api_key: Annotated[Secret | None, _about("of that server, if it wants one")] = None
    compatible_model: Annotated[str | None, _about("its model")] = None
    compatible_schema: Annotated[
        Literal["strict", "none"], _about("strict: the server keeps to a JSON schema; none: it only writes JSON")
    ] = "strict"
    model_prices: Annotated[
        list[str] | None, _about("US dollars per million tokens read/written, such as gpt-6=1.5/12")
    ] = None
    model_log_days: Annotated[
        int, _about("days that prompts and answers are kept, without personal data; 0: never", ge=0)
    ] = 0
    phone_region: Annotated[
        str | None, _about("country, such as US, whose national phone formats are hidden from models; others need a +")
    ] = None
    model_timeout_seconds: Annotated[int, _about("longest wait for one answer of a model", ge=1, le=600)] = 30

    email_address: Annotated[str, _about("mailbox the tenant receives at and sends from")] = "concierge@example.com"
    email_webhook_secret: Annotated[Secret | None, _about("signs the e-mail webhook")] = None
    email_transport: Annotated[
        Literal["sandbox", "ses", "smtp"], _about("how e-mail leaves; sandbox keeps and shows it instead")
    ] = "sandbox"
    ses_region: Annotated[str | None, _about("AWS region of SES")] = None
    ses_endpoint_url: Annotated[str | None, _about("another endpoint than the region's own")] = None
    ses_configuration_set: Annotated[str | None, _about("SES configuration set that publishes delivery events")] = None
    aws_access_key_id: Annotated[Secret | None, _about("without it the AWS default chain finds credentials")] = None
    aws_secret_access_key: Annotated[Secret | None, _about("belongs to AWS_ACCESS_KEY_ID")] = None
    smtp_url: Annotated[Secret | None, _about("smtp://user:password@host:587, or smtps:// with port 465")] = None

    whatsapp_phone_number_id: Annotated[str, _about("Meta's id of the tenant's number")] = "1234"
    whatsapp_transport: Annotated[
        Literal["sandbox", "whatsapp"], _about("how WhatsApp messages leave; sandbox keeps and shows them instead")
    ] = "sandbox"
    whatsapp_app_secret: Annotated[Secret | None, _about("Meta's app secret; signs the WhatsApp webhook")] = None
    whatsapp_verify_token: Annotated[Secret | None, _about("answers Meta's challenge for the WhatsApp webhook")] = None
    whatsapp_access_token: Annotated[Secret | None, _about("system user token that sends")] = None
    whatsapp_base_url: Annotated[str, _about("where the Graph API is")] = "https://graph.facebook.com"
    whatsapp_api_version: Annotated[str, _about("version of the Graph API")] = "v25.0"
    whatsapp_business_account_id: Annotated[str | None, _about("whose templates the number sends")] = None
    instagram_account_id: Annotated[str | None, _about("Meta's id of the account; without it there is none")] = None
    instagram_app_secret: Annotated[Secret | None, _about("signs the Instagram webhook")] = None
    instagram_verify_token: Annotated[Secret | None, _about("answers Meta's challenge for that webhook")] = None
    instagram_access_token: Annotated[Secret | None, _about("sends; without it messages are kept and shown")] = None
    instagram_base_url: Annotated[str, _about("or graph.facebook.com")] = "https://graph.instagram.com"

    webchat_origins: Annotated[list[str] | None, _about("pages that may show the chat, such as https://host")] = None
    webchat_identity_secret: Annotated[Secret | None, _about("with it a page proves who is signed in")] = None
    trusted_proxies: Annotated[list[str] | None, _about("networks whose X-Forwarded-For header counts")] = None
    egress_networks: Annotated[
        list[str] | None,
        _about("networks that are not public and that webhooks and feeds of tenants may reach, such as 127.0.0.0/8"),
    ] = None

    worker_concurrency: Annotated[int, _about("jobs one worker process runs side by side", ge=1, le=500)] = 20
    retention_days: Annotated[int, _about("days until the body of a message is redacted", ge=1)] = 60
    webhook_max_bytes: Annotated[int, _about("largest webhook body that is read", ge=1024)] = 3_145_728
    media_folder: Annotated[str, _about("where attachments are kept; web and worker share it")] = ".concierge/media"
    media_bucket: Annotated[str | None, _about("S3 bucket that keeps them instead")] = None
    media_max_bytes: Annotated[int, _about("largest attachment that is fetched", ge=1)] = 26_214_400
    media_types: Annotated[str, _about("types that are fetched; * stands for anything")] = (
        "image/*, audio/*, video/*, text/*, application/pdf, application/msword, application/vnd.*"
    )


NEEDED: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("concierge_env", "production"): ("whatsapp_app_secret", "email_webhook_secret", "admin_api_key"),
    ("whatsapp_transport", "whatsapp"): ("whatsapp_access_token", "whatsapp_app_secret", "whatsapp_verify_token"),
    ("email_transport", "ses"): ("ses_region",),
    ("email_transport", "smtp"): ("smtp_url",),
}
"""When the first field has this value, these must be set."""

PAIRS = (("aws_access_key_id", "aws_secret_access_key"), ("compatible_base_url", "compatible_model"))
"""Both or neither of these must be set."""
