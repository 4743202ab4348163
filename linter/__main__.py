"""`python -m linter` and the `nianbao` command."""

import gc

# Nothing that a start allocates is garbage, and looking for it takes a tenth of a short run. `cli` turns the collector
# on again once the rules are loaded.
gc.disable()

from linter.cli import main  # noqa: E402 - what it imports is what must not be collected

if __name__ == "__main__":
    raise SystemExit(main())
