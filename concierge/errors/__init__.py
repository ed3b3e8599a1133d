"""Everything that can go wrong, as one tree. The docstring of an error is its default message.

ConciergeError
├── SettingsError            the environment is not usable; names every problem at once
├── MigrationError           the schema on disk and the schema in the database disagree
├── EmbeddedPostgresError    no usable Postgres on this machine
├── TransactionOpen          a foreign call was about to be made inside a transaction
├── HalfDone                 a part of a transaction failed, and the rest went on as if it had not
├── Rejected                 what a caller sent is refused; carries its HTTP status
│   ├── Malformed      400
│   ├── Forged         401
│   ├── Forbidden      403
│   ├── Missing        404
│   ├── NotAllowed     405
│   ├── TooSlow        408
│   ├── Conflicting    409
│   ├── Outdated       412
│   ├── TooLarge       413
│   ├── UnsupportedMedia 415
│   ├── Invalid        422   carries every field that is wrong
│   ├── KeyUsedBefore  422
│   ├── TooMany        429   carries the seconds to wait
│   └── NotStored      503
├── SendError                a provider did not take an outbound message
│   ├── NotAccepted          provably not taken: another attempt is safe
│   │   └── TooFast          too much for this one person: wait four times as long each time
│   ├── Refused              final: the same message will be refused again
│   │   ├── OutsideWindow    free text is not taken any more: a template may be
│   │   └── Unwanted         the person does not want to hear from us, or cannot; carries the scope
│   │       └── UnwantedMarketing
│   ├── Unknown              nobody knows whether it was taken: never sent again blindly
│   └── AccountStopped       the channel account cannot send at all until somebody repairs it
│       └── AccountResting   it must rest for some hours, and goes on by itself
├── ModelError               a language model gave no usable answer
│   ├── ModelUnavailable     worth another attempt later
│   │   └── ThreadGone       the vendor forgot the conversation it was asked to go on with
│   └── ModelRefused         the same prompt will fail again
│       ├── ModelStopped     every prompt will fail until somebody repairs the account at the vendor
│       └── BudgetSpent      the tenant's money for models is used up
├── OutOfCredits             the tenant has to pay before anything is answered
├── ReserveEnded             the credits taken for a turn were given back while it was thought about
├── Unreachable              an address that a tenant named gives no answer, or must not be called
├── UnknownSkill             an agent names a skill that does not exist
└── TurnFailed               a turn could not be handled; carries how far it had read, and its correlation id
"""

from concierge.errors.models import (
    BudgetSpent,
    ModelError,
    ModelRefused,
    ModelStopped,
    ModelUnavailable,
    ThreadGone,
)
from concierge.errors.paying import OutOfCredits, ReserveEnded
from concierge.errors.rejected import (
    Conflicting,
    Forbidden,
    Forged,
    Invalid,
    KeyUsedBefore,
    Malformed,
    Missing,
    NotAllowed,
    NotStored,
    Outdated,
    Rejected,
    TooLarge,
    TooMany,
    TooSlow,
    UnsupportedMedia,
)
from concierge.errors.root import (
    ConciergeError,
    EmbeddedPostgresError,
    HalfDone,
    MigrationError,
    SettingsError,
    TransactionOpen,
    TurnFailed,
    UnknownSkill,
    Unreachable,
)
from concierge.errors.sending import (
    AccountResting,
    AccountStopped,
    NotAccepted,
    OutsideWindow,
    Refused,
    SendError,
    TooFast,
    Unknown,
    Unwanted,
    UnwantedMarketing,
)

__all__ = [
    "AccountResting",
    "AccountStopped",
    "BudgetSpent",
    "ConciergeError",
    "Conflicting",
    "EmbeddedPostgresError",
    "Forbidden",
    "Forged",
    "HalfDone",
    "Invalid",
    "KeyUsedBefore",
    "Malformed",
    "MigrationError",
    "Missing",
    "ModelError",
    "ModelRefused",
    "ModelStopped",
    "ModelUnavailable",
    "NotAccepted",
    "NotAllowed",
    "NotStored",
    "OutOfCredits",
    "Outdated",
    "OutsideWindow",
    "Refused",
    "Rejected",
    "ReserveEnded",
    "SendError",
    "SettingsError",
    "ThreadGone",
    "TooFast",
    "TooLarge",
    "TooMany",
    "TooSlow",
    "TransactionOpen",
    "TurnFailed",
    "Unknown",
    "UnknownSkill",
    "Unreachable",
    "UnsupportedMedia",
    "Unwanted",
    "UnwantedMarketing",
]
