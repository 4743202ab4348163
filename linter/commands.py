"""What the commands beside `check` print: pieces of text, or an error."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import TypeVar

from linter.config import FILE_NAME, SAMPLE
from linter.diagnostic import Diagnostic, FileResult
from linter.engine import Source, file_source, read_document
from linter.errors import Phrase, ReadError, UsageError, unwritable
from linter.ruleset import Ruleset

T = TypeVar("T")


def list_rules(ruleset: Ruleset, lang: str) -> Iterator[str]:
    """One line a rule: id, level, title."""
    longest = max(len(rule.id) for rule in ruleset.rules)
    for rule in ruleset.rules:
        yield f"{rule.id:{longest}}  {'off' if rule.off else rule.level:7}  {rule.title.say(lang)}\n"


def view(path: str) -> Iterator[str]:
    """The numbered lines of a file's text view. Raises UsageError where it cannot be read."""
    lines = _read(read_document, path).lines
    digits = len(str(len(lines)))
    for number, line in enumerate(lines, 1):
        yield f"{number:{digits}}  {line}\n"


def view_plain(path: str) -> Iterator[str]:
    """The lines of a file's text view as they are. Raises UsageError where it cannot be read."""
    return (f"{line}\n" for line in _read(read_document, path).lines)


def view_diff(old: str, new: str) -> Iterator[str]:
    """The unified diff of two text views, nothing where they are equal. Raises UsageError where one cannot be read."""
    from difflib import unified_diff  # no other command compares

    return unified_diff(list(view_plain(old)), list(view_plain(new)), old, new)


def _read(how: Callable[[Source], T], path: str) -> T:
    """What `how` makes of the file, with the path and the remedy in the error."""
    try:
        return how(file_source(path))
    except ReadError as error:
        raise UsageError(
            Phrase(
                zh=f"{path}：{error.phrase.zh}。{error.remedy.zh}",
                en=f"{path}: {error.phrase.en}. Remedy: {error.remedy.en}",
            )
        ) from None


def waive(path: str, fields: Mapping[str, str | None], ruleset: Ruleset, today: date, lang: str) -> Iterator[str]:
    """Writes a waiver into the file at `path`; the fields are those of a Waiver, the file seen from the working folder.

    Raises UsageError where it would not hold, RuleError where the file is wrong.
    """
    from linter import waivers

    changed = waivers.waive(path, waivers.make_waiver(path, fields), ruleset, today)
    done = Phrase(zh="已更改", en="changed in") if changed else Phrase(zh="已写入", en="written to")
    yield f"{done.say(lang)} {path}\n"


def baseline(path: str, results: Iterable[FileResult], chosen: Ruleset, lang: str, *, pruned: bool) -> Iterator[str]:
    """Records the findings in the baseline at `path`, or only takes out of it what is resolved; says how many.

    Raises UsageError where it cannot be read or written.
    """
    from linter.baseline import Baseline, load_baseline, prune, record, save_baseline

    before = load_baseline(path) if pruned or os.path.exists(path) else Baseline(path=path, findings={})
    failed: list[Diagnostic] = []

    def watch() -> Iterator[FileResult]:
        for result in results:
            failed.extend(result.diagnostics if result.failed else ())
            yield result

    after = prune(watch(), before, {rule.id for rule in chosen.rules}) if pruned else record(watch(), before)
    save_baseline(after)
    for diagnostic in failed:
        yield f"{diagnostic.path}: {diagnostic.message}\n"
    resolved = before.size - after.size
    said = Phrase(zh=f"{path}：记录了 {after.size} 处", en=f"{path}: {after.size} recorded")
    if pruned:
        said = Phrase(
            zh=f"{path}：删去已解决的 {resolved} 处，留下 {after.size} 处",
            en=f"{path}: {resolved} resolved and dropped, {after.size} left",
        )
    yield said.say(lang) + "\n"


def init(folder: str, settings: Mapping[str, str], lang: str) -> Iterator[str]:
    """Writes the commented configuration, or adds to the one that is there what it lacks; its comments stay.

    `settings` are set in it. Raises UsageError where it cannot be written, RuleError where it is wrong.
    """
    from ruamel.yaml import YAML  # the only command that edits YAML: the one reader that keeps comments

    from linter.settings import load_settings

    path = os.path.join(folder, FILE_NAME)
    yaml = YAML()
    content = yaml.load(SAMPLE)
    exists = os.path.exists(path)
    if exists:
        load_settings(path)
        sample = content
        with open(path, encoding="utf-8") as file:
            content = yaml.load(file)
        for key in sample:
            if key not in content:
                content[key] = sample[key]
    for key, value in settings.items():
        content[key] = value
    try:
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            yaml.dump(content, file)
    except OSError as error:
        raise unwritable(path, error) from None
    done = Phrase(zh="已补全" if exists else "已写入", en="completed" if exists else "written")
    yield f"{done.say(lang)} {path}\n"
