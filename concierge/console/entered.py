"""What was entered into a form, as the rooms want it: blank is nothing, times are the tenant's clock."""

from datetime import datetime
from typing import Any, TypeVar

from litestar import Request

from concierge.api.bodies import convert
from concierge.clock import instant_of
from concierge.errors import Invalid

T = TypeVar("T")


class Entered:
    """The fields of a form, by name."""

    def __init__(self, fields: dict[str, list[str]], zone: str) -> None:
        self.fields = fields
        self.zone = zone

    def word(self, name: str) -> str | None:
        """A line or a text; None where it is blank."""
        said = self.fields.get(name, [""])[0].replace("\r\n", "\n").strip()
        return said or None

    def words(self, name: str) -> list[str]:
        """Every value of a field that may be chosen several times."""
        return [each for each in self.fields.get(name, []) if each]

    def lines(self, name: str) -> list[str]:
        """What stands on lines of their own, or between commas."""
        return [each.strip() for each in (self.word(name) or "").replace(",", "\n").split("\n") if each.strip()]

    def number(self, name: str) -> int | float | None:
        """A number; None where it is blank. Raises Invalid."""
        said = self.word(name)
        if said is None:
            return None
        try:
            return int(said) if said.isdecimal() else float(said)
        except ValueError:
            raise Invalid([(f"/{name}", "is not a number")]) from None

    def ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return name in self.fields

    def moment(self, name: str, zone: str | None = None) -> datetime | None:
        """A time on the tenant's clock, or another's, as an instant; None where it is blank. Raises Invalid."""
        wall = self.wall(name)
        return instant_of(wall, zone or self.zone) if wall else None

    def wall(self, name: str) -> datetime | None:
        """A time as a clock shows it, naive; None where it is blank. Raises Invalid."""
        said = self.word(name)
        if said is None:
            return None
        try:
            wall = datetime.fromisoformat(said)
        except ValueError:
            raise Invalid([(f"/{name}", "is not a date and a time")]) from None
        return wall.replace(tzinfo=None)

    def given(self, shape: type[T], **facts: Any) -> T:
        """A room's own shape of a wish, held against it as a body of the API is; what is None is left out.

        Raises Invalid, naming every field that is wrong.
        """
        return convert({name: value for name, value in facts.items() if value is not None}, shape)


async def entered(request: Request[Any, Any, Any], zone: str = "UTC") -> Entered:
    """The form of this request."""
    form = await request.form()
    return Entered({name: [str(each) for each in form.getall(name)] for name in form}, zone)
