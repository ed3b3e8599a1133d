"""Which tests go to one worker of pytest-xdist: those of a file, or those that share what is dear to start.

The tests of pages have one browser, those of faults one process that all others are forks of (ADR 97, 98): a second
one for the other worker costs more than it brings, and while faults wait, pages work. Anthropic's SDK is three
thousand modules, moto with boto3 five hundred: a second, and several where nothing is compiled yet. Who plays two web
processes at once has two applications, two thirds of a second each (`tests/apps.py`).
"""

from xdist.scheduler import LoadFileScheduling

FOLDERS = ("tests/faults", "tests/browser")
FILES = {
    "Anthropic's SDK": (
        "tests/contracts/test_every_fault_of_every_vendor.py",
        "tests/contracts/test_models.py",
        "tests/pure/test_anthropic.py",
        "tests/pure/test_tape.py",
    ),
    "moto": (
        "tests/behaviour/test_aws_reports_on_our_mail.py",
        "tests/contracts/test_files.py",
        "tests/contracts/test_mail_fetching.py",
        "tests/contracts/test_sending_details.py",
    ),
    "a second application": (
        "tests/behaviour/test_a_link_unsubscribes.py",
        "tests/behaviour/test_events_are_told_as_they_happen.py",
        "tests/properties/test_keeping.py",
        "tests/properties/test_the_limit_of_a_key.py",
        "tests/properties/test_the_same_request_twice.py",
        "tests/properties/test_uniting.py",
    ),
}
_SHARED = {file: what for what, files in FILES.items() for file in files}


class Together(LoadFileScheduling):
    """`--dist loadfile`, and what belongs together is handed out whole."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        folder = file.rpartition("/")[0]
        return folder if folder in FOLDERS else _SHARED.get(file, file)
