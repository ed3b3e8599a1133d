"""The environment becomes Settings, or every problem at once."""

import base64

import pytest

from concierge.errors import SettingsError
from concierge.secret import Secret
from concierge.settings import Settings, load
from tests.each import each

KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
DEVELOPMENT = {
    "CONCIERGE_ENV": "development",
    "DATABASE_URL": "postgresql://me:hunter2@localhost/concierge",
    "CONCIERGE_SECRET_KEYS": KEY,
}
PRODUCTION = DEVELOPMENT | {
    "CONCIERGE_ENV": "production",
    "ADMIN_API_KEY": "0123456789abcdef",
    "EMAIL_WEBHOOK_SECRET": "e",
    "WHATSAPP_APP_SECRET": "w",
}


def problems(**changes: str) -> list[str]:
    """The lines of the error that these variables cause in development."""
    with pytest.raises(SettingsError) as caught:
        load(DEVELOPMENT | changes)
    first, *lines = str(caught.value).splitlines()
    assert first == f"{len(lines)} setting(s) missing or wrong:"
    return [line.strip() for line in lines]


def test_little_is_needed_in_development():
    settings = load(DEVELOPMENT)
    assert settings.port == 3000
    assert settings.tenant_zone == "UTC"
    assert settings.admin_api_key is None
    assert settings.database_url.reveal() == DEVELOPMENT["DATABASE_URL"]


def test_numbers_are_read_and_lists_split_at_commas():
    settings = load(DEVELOPMENT | {"PORT": "8080", "CONCIERGE_SECRET_KEYS": f"{KEY}, {KEY[::-1][1:]}=,"})
    assert settings.port == 8080
    assert settings.concierge_secret_keys == [Secret(KEY), Secret(f"{KEY[::-1][1:]}=")]


def test_empty_is_unset():
    assert load(DEVELOPMENT | {"PORT": "", "ADMIN_API_KEY": "  "}) == load(DEVELOPMENT)


def test_every_problem_is_named_at_once_with_its_description():
    lines = problems(DATABASE_URL="", PORT="abc", LOG_LEVEL="loud", TENANT_ZONE="Mars/Olympus", EMAIL_TRANSPORT="ses")
    assert [line.split()[0].split("=")[0] for line in lines] == [
        "DATABASE_URL",
        "PORT",
        "LOG_LEVEL",
        "TENANT_ZONE",
        "SES_REGION",
    ]
    assert "'abc'" in lines[1]
    assert "one of debug, info, warning, error" in lines[2]
    assert "needed with EMAIL_TRANSPORT=ses" in lines[4]


@each(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://me:hunter2@localhost/x"),
        ("CONCIERGE_SECRET_KEYS", f"{KEY},hunter2"),
        ("CONCIERGE_SECRET_KEYS", "hünter2"),
        ("CONCIERGE_SECRET_KEYS", ","),
        ("ADMIN_API_KEY", "hunter2"),
    ],
)
def test_a_wrong_secret_is_named_but_not_shown(name: str, value: str):
    [line] = problems(**{name: value})
    assert line.startswith(f"{name} is wrong (")
    assert "nter2" not in line


def test_no_repr_shows_a_secret():
    settings = load(PRODUCTION)
    for shown in (repr(settings), f"{settings.database_url}", f"{settings.concierge_secret_keys}"):
        assert "hunter2" not in shown
        assert KEY not in shown


def test_a_secret_may_stand_in_a_file(tmp_path):
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    environ = {**DEVELOPMENT, "CONCIERGE_SECRET_KEYS": "", "CONCIERGE_SECRET_KEYS_FILE": str(file)}
    assert load(environ) == load(DEVELOPMENT)


def test_a_secret_given_twice_or_in_a_missing_file_is_a_problem(tmp_path):
    [line] = problems(DATABASE_URL_FILE=str(tmp_path / "url"))
    assert line == "DATABASE_URL and DATABASE_URL_FILE are both set"
    [line] = problems(ADMIN_API_KEY_FILE=str(tmp_path / "key"))
    assert "ADMIN_API_KEY_FILE" in line
    assert "FileNotFoundError" in line


def test_only_secrets_are_read_from_files(tmp_path):
    assert load(DEVELOPMENT | {"HOST_FILE": str(tmp_path)}) == load(DEVELOPMENT)


def test_production_does_without_signatures_in_nothing():
    assert load(PRODUCTION).concierge_env == "production"
    lines = problems(CONCIERGE_ENV="")
    assert [line.split()[0] for line in lines] == ["ADMIN_API_KEY", "EMAIL_WEBHOOK_SECRET", "WHATSAPP_APP_SECRET"]


@each(
    ("changes", "missing"),
    [
        (
            {"WHATSAPP_TRANSPORT": "whatsapp"},
            ["WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN", "WHATSAPP_ACCESS_TOKEN"],
        ),
        ({"EMAIL_TRANSPORT": "ses"}, ["SES_REGION"]),
        ({"EMAIL_TRANSPORT": "smtp"}, ["SMTP_URL"]),
        ({"AWS_ACCESS_KEY_ID": "a"}, ["AWS_SECRET_ACCESS_KEY"]),
        ({"AWS_SECRET_ACCESS_KEY": "a"}, ["AWS_ACCESS_KEY_ID"]),
    ],
)
def test_a_choice_needs_its_companions(changes: dict[str, str], missing: list[str]):
    assert [line.split()[0] for line in problems(**changes)] == missing


def test_every_field_says_what_it_is_for():
    for name, annotation in Settings.__annotations__.items():
        assert annotation.__metadata__[0].description, name
