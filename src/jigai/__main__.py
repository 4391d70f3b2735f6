"""``python -m jigai`` (on Windows ``py -m jigai``): the same commands as the installed ``jigai``."""

from __future__ import annotations

import sys

from jigai.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
