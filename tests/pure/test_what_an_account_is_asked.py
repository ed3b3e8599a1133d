"""What the form of a channel account says becomes its settings; a change in the console forgets nothing of the API."""

import msgspec

from concierge.accounts.model import TRANSPORTS, Manners
from concierge.console.blanks import FIELDS, filled
from concierge.console.entered import Entered
from tests.each import each

SAID = {"rate": "0.5", "burst": "3", "origins": "https://shop.example", "human_agent": "on", "region": "eu-west-1"}
OF_ONE = {"whatsapp": {"external_number", "business_account_id"}, "instagram": {"human_agent"}, "webchat": {"origins"}}


def entered(**fields: str) -> Entered:
    return Entered({name: [value] for name, value in fields.items()}, "UTC")


@each("channel", TRANSPORTS)
def test_every_setting_of_the_api_has_a_field(channel: str) -> None:
    asked = {each.name for each in FIELDS[channel] if each.of == "settings"} | {"fallback"}
    elsewhere = {name for other, names in OF_ONE.items() if other != channel for name in names}
    of_mail = {"from_name", "region", "configuration_set", "relay"} if channel != "email" else set()
    assert asked == set(Manners.__struct_fields__) - elsewhere - of_mail


@each("channel", TRANSPORTS)
def test_what_is_entered_is_what_the_api_takes(channel: str) -> None:
    settings = filled(entered(**SAID), channel)["settings"]
    assert settings["rate"] == 0.5
    assert settings.get("human_agent", False) is (channel == "instagram")
    msgspec.convert(settings, Manners)
    assert filled(entered(), channel)["settings"] == {}
