"""A message is shown to the model with what it came with, and with what people of the business wrote by hand."""

from datetime import timedelta

from tests.events import AT, BSUID, PHONE, echo, message, tell
from tests.world import World


async def test_surroundings_are_kept_and_shown(telling: World) -> None:
    await tell(telling, message("Remind me of this", context="forwarded; in a group", group="120363@g.us"))
    await telling.work()
    await tell(telling, message("And of this", id="wamid.2"))
    await telling.work()
    assert await telling.rows("select context, group_id from inbound_message order by seq") == [
        ("forwarded; in a group", "120363@g.us"),
        (None, None),
    ]
    first, second = telling.model.prompts
    assert [(said.text, said.context) for said in first.turns] == [("Remind me of this", "forwarded; in a group")]
    assert [(said.text, said.context) for said in second.turns] == [
        ("Remind me of this", "forwarded; in a group"),
        ("And of this", None),
    ]


async def test_what_was_written_by_hand_is_part_of_the_history(telling: World) -> None:
    await tell(telling, message("Can I come at nine?", also=(BSUID,)))
    await telling.work()
    telling.clock.advance(minutes=2)
    await tell(telling, echo("Ten would be better.", recipient=PHONE, at=AT + timedelta(minutes=1)))
    await tell(telling, message("Fine, remind me", id="wamid.2"))
    await telling.work()
    assert [(said.who, said.text) for said in telling.model.prompts[-1].turns] == [
        ("contact", "Can I come at nine?"),
        ("concierge", "Ten would be better."),
        ("contact", "Fine, remind me"),
    ]
