"""Contacts in the background."""

from concierge.contacts.forgetting import erase_what_was_under_way
from concierge.work import EVERY_MINUTE, Tick

TICKS = (Tick(name="contacts.erase_again", every=EVERY_MINUTE, run=erase_what_was_under_way),)
