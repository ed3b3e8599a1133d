"""`python -m concierge`."""

import sys

from concierge.cli import main

sys.exit(main())
