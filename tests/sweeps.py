"""How much of a long sweep is run: a part with ``make test``, all of it with ``make lab``, which sets JINGSHI_LAB."""

import os

WHOLE = "JINGSHI_LAB" in os.environ
