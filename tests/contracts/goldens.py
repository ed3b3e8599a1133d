"""Rewrites every golden file: `python -m tests.contracts.goldens` (`make goldens`). The diff is the review."""

import json

from tests.contracts.channels import events, golden, payloads, shown


def main() -> None:
    for channel, path in payloads():
        text = json.dumps(shown(events(channel, path)), indent=2, ensure_ascii=False)
        golden(path).write_text(text + "\n")


if __name__ == "__main__":
    main()
