"""Where a text holds personal data that patterns and check digits can find.

`detection` puts it together; `papers` knows numbers of identity papers, `postal` addresses, `phones` and `people` the
rest. Names of people whom the caller does not know of are not found.
"""

from concierge.llm.detecting.detection import Detected, detect

__all__ = ["Detected", "detect"]
