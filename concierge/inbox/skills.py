"""What agents can do. A new skill is a room with `think` and `settle`, and a line here."""

from collections.abc import Mapping

from concierge.bookings.answers.answering import BookingAnswers
from concierge.conversations.model import Skill
from concierge.followups.extraction import FollowUps
from concierge.intake.asking import Asking
from concierge.leads.skill import Leads
from concierge.replies.replying import Replies
from concierge.summaries.skill import Summaries

SKILLS: Mapping[str, Skill] = {
    skill.name: skill for skill in (BookingAnswers(), FollowUps(), Asking(), Replies(), Leads(), Summaries())
}
PRICES: Mapping[str, int] = {"replies": 1, "intake": 1}
"""Credits for one answer of a skill; what is not listed is free. Not the tenant's to change: it pays them."""
