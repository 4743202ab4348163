"""The exit status of a run."""

from collections.abc import Iterable, Iterator

from linter.diagnostic import FileResult, Level

OK, FOUND, UNUSABLE, BUG, INTERRUPTED = 0, 1, 2, 3, 130
"""Nothing to complain of; diagnostics; bad usage, configuration or file; a bug; Ctrl-C."""


class Tally:
    """Notes the exit status as the results go by, so that they need not be kept."""

    def __init__(self) -> None:
        self.status = OK

    def watch(self, results: Iterable[tuple[FileResult, Level]]) -> Iterator[FileResult]:
        """The results, each given with the level from which on a diagnostic is a failure."""
        for result, fail_on in results:
            yield self.note(result, fail_on)

    def note(self, result: FileResult, fail_on: Level) -> FileResult:
        """The same result."""
        if any(diagnostic.level.rank <= fail_on.rank for diagnostic in result.diagnostics):
            self.status = max(self.status, FOUND)
        if result.failed:
            self.status = max(self.status, BUG if result.bug else UNUSABLE)
        return result
