"""What agents can do. A new skill is a room with `think` and `settle`, and a line here."""

from collections.abc import Mapping

from concierge.conversations.model import Skill
from concierge.followups.extraction import FollowUps
from concierge.replies.replying import Replies

SKILLS: Mapping[str, Skill] = {skill.name: skill for skill in (FollowUps(), Replies())}
