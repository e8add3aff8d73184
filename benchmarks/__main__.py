"""`python -m benchmarks`."""

import os
import sys

from benchmarks.command_line import main

if __name__ == "__main__":
    # What is measured is compiling, not finding what an earlier run compiled.
    os.environ.setdefault("NESY_CACHE", "off")
    sys.exit(main())
