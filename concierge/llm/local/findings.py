"""What the messages read so far have come to. A later one may speak of what an earlier one asked for."""

from msgspec import structs

from concierge.llm.local.acts import Acted, act
from concierge.llm.local.clauses import Clause, clause
from concierge.llm.local.parts import Reference
from concierge.llm.patterns import regex
from concierge.llm.purposes import Change, DraftAnswer, ExtractPrompt, FoundTask, OpenTask, Preferred

_APART = regex(
    r",? (?:and|then|also|but)(?: (?:also|then|please|and))* (?=[a-z])|[,;] (?=(?:please |also |then )*[a-z])"
)
_LONGEST = 300  # characters of a clause that is looked at for several commands


class Findings:
    """Tasks and changes, growing. `seen` is the prompt with the new tasks among the follow-ups there are."""

    def __init__(self, prompt: ExtractPrompt) -> None:
        self.prompt = prompt
        self.tasks: list[FoundTask] = []
        self.changes: list[Change] = []
        self.preferred: Preferred | None = None
        self.lists = False
        self.drafts: list[DraftAnswer] = []

    def seen(self) -> ExtractPrompt:
        """What there is to speak of now: a task of this very turn was spoken of last."""
        if not self.tasks:
            return self.prompt
        new = [
            OpenTask(f"N{n}", each.title, each.when.wall if each.when else None, latest=each is self.tasks[-1])
            for n, each in enumerate(self.tasks)
        ]
        old = [structs.replace(each, latest=False) for each in self.prompt.open]
        return structs.replace(self.prompt, open=(*old, *new))

    def act(self, one: Acted) -> None:
        """Take in what a clause says about what there is."""
        self.lists = self.lists or one.lists
        if one.preferred:
            chosen = {name: value for name, value in structs.asdict(one.preferred).items() if value is not None}
            self.preferred = structs.replace(self.preferred or Preferred(), **chosen)
        if one.change and any(ref[0] == "N" for ref in one.change.refs):
            self._change_new(one.change)
        elif one.change:
            self.changes.append(one.change)

    def _change_new(self, change: Change) -> None:
        for ref in sorted((ref for ref in change.refs if ref[0] == "N"), reverse=True):
            n = int(ref[1:])
            if change.act in {"move", "snooze"} and change.when:
                self.tasks[n] = structs.replace(self.tasks[n], when=change.when)
            elif change.act == "rename" and change.title:
                self.tasks[n] = structs.replace(self.tasks[n], title=change.title)
            elif change.act in {"cancel", "skip", "complete"}:
                del self.tasks[n]
        if others := [ref for ref in change.refs if ref[0] != "N"]:
            self.changes.append(structs.replace(change, refs=others))


def acts_of(one: Clause, found: Findings, at: Reference) -> list[Acted]:
    """What a clause says where all of it is about what there is (`cancel the call and move the dentist to 5pm`)."""
    whole = act(one, found.seen(), at)
    if whole and (whole.change is None or whole.change.refs):
        return [whole]
    for cut in _APART.finditer(one.lower) if len(one.lower) < _LONGEST else ():
        left = act(clause(one.text[: cut.start()], question=one.question), found.seen(), at)
        rest = acts_of(clause(one.text[cut.end() :], question=one.question), found, at) if left else []
        if left and rest:
            return [left, *rest]
    return [whole] if whole else []


def asked_something(prompt: ExtractPrompt) -> bool:
    """Whether the last thing the person heard was a question about something else than a follow-up."""
    earlier = prompt.turns[: len(prompt.turns) - prompt.unread]
    return bool(earlier) and earlier[-1].who == "concierge" and earlier[-1].text.rstrip().endswith("?")
