"""What a model may say at most, whatever it was told by whom. Pure.

A reading is words and references; who is written to, in whose name and with which skills, code alone decides. These
bounds are for what is left: how much of it there may be, and how it looks.
"""

import msgspec

from concierge.followups.texts.wording import LONGEST_TITLE, shortened
from concierge.llm.purposes import Change, DraftAnswer, FoundTask, Reading

MOST_TASKS = 20  # of one turn
LONGEST_QUOTE = 200  # characters


def bounded(reading: Reading, *, nameless: str) -> Reading:
    """The reading, no more of it than a person could mean: titles of one line, every question answered once, one
    change to each follow-up. `nameless` is the title of what has none."""
    tasks, answered = list[FoundTask](), set[str | None]()
    for found in reading.tasks:
        if len(tasks) < MOST_TASKS and (found.answers is None or found.answers not in answered):
            tasks.append(_bounded(found, nameless))
            answered.add(found.answers)
    changes, touched = list[Change](), set[str]()
    for change in reading.changes:
        refs = [ref for ref in dict.fromkeys(change.refs) if ref not in touched]
        if len(changes) < MOST_TASKS and (refs or not change.refs):
            changes.append(_bounded_change(msgspec.structs.replace(change, refs=refs)))
            touched.update(refs)
    drafts, decided = list[DraftAnswer](), set[str]()
    for said in reading.drafts:
        refs = [ref for ref in dict.fromkeys(said.refs) if ref not in decided]
        if len(drafts) < MOST_TASKS and (refs or not (said.refs or decided)):
            drafts.append(msgspec.structs.replace(said, refs=refs, quote=said.quote[:LONGEST_QUOTE]))
            decided.update(refs)
    return msgspec.structs.replace(reading, tasks=tasks, changes=changes, drafts=drafts)


def _bounded_change(change: Change) -> Change:
    when = change.when and msgspec.structs.replace(change.when, quote=change.when.quote[:LONGEST_QUOTE])
    title = shortened(_on_one_line(change.title), LONGEST_TITLE) if change.title else None
    return msgspec.structs.replace(change, when=when, title=title)


def _bounded(found: FoundTask, nameless: str) -> FoundTask:
    title = shortened(_on_one_line(found.title), LONGEST_TITLE) or nameless
    if found.when is None:
        return msgspec.structs.replace(found, title=title)
    when = msgspec.structs.replace(found.when, quote=found.when.quote[:LONGEST_QUOTE])
    return msgspec.structs.replace(found, title=title, when=when)


def _on_one_line(text: str) -> str:
    """Without line breaks and characters that steer a terminal or turn the direction of writing."""
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(text.split())
