"""`python -m linter` and the `nianbao` command."""

from linter.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
