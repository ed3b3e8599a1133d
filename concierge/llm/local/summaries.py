"""A recap without a model: how much was said, and the first and last words of the person."""

from concierge.llm.purposes import Summarised, SummarisePrompt

LONGEST = 160  # characters of a quotation


def summarise(prompt: SummarisePrompt) -> Summarised:
    """The same conversation gives the same recap."""
    said = [turn.text.strip() for turn in prompt.turns if turn.who == "contact" and turn.text.strip()]
    answers = sum(turn.who == "concierge" for turn in prompt.turns)
    counted = f"{len(said)} message{'s' * (len(said) != 1)} and {answers} answer{'s' * (answers != 1)}."
    quoted = [f"First: “{_short(said[0])}”"] if said else []
    quoted += [f"Last: “{_short(said[-1])}”"] if len(said) > 1 else []
    return Summarised(" ".join([*([prompt.before] if prompt.before else []), counted, *quoted]))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"
