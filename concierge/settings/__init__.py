"""The environment, read once and checked whole: `load(os.environ)` gives Settings or names everything that is wrong.

A variable is its field in upper case; empty means unset; lists are split at commas. A name that holds a secret may be
given as NAME_FILE, the path of a file with the value. `.env.example` is `example()`, kept equal by a test.
"""

from concierge.settings.fields import Settings
from concierge.settings.loading import example, load

__all__ = ["Settings", "example", "load"]
