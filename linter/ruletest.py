"""`nianbao test-rules`: each own rule against the examples beside it or in it.

An example is a report, or a piece of one: `bad*` must fire, `ok*` and `alike*` (looks wrong, is right) must not. They
are files in the folder `<rule-id>/` beside the rule, or texts under `examples` in the rule itself. A template is tried
in the same way with the files in `templates/<edition>/`: it is the rules on sections and tables that fire or not.
"""

import os
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from linter.diagnostic import Diagnostic
from linter.engine import Source, Task, check, load_file, read_report
from linter.errors import Phrase, UsageError
from linter.formatters import Context
from linter.formatters.text import render
from linter.readers import READERS
from linter.ruleset import Example, Rule, Ruleset, built_in_examples

KINDS = ("bad", "ok", "alike")
"""What an example's name begins with."""

TEMPLATE_TOPICS = ("sections", "tables")
"""The rules that a template's examples are held against."""

BAD_NAME = Phrase(zh="样例的文件名应以 bad、ok 或 alike 开头", en="the name of an example begins with bad, ok or alike")
NO_BAD = Phrase(
    zh="没有错例，看不出规则会不会报：请写 {folder}/bad.txt，或在规则里写 examples",
    en="no bad example, so nothing shows that the rule ever fires: write {folder}/bad.txt, or `examples` in the rule",
)
SILENT = Phrase(zh="应该报，却没有报", en="should fire, and does not")
FIRED = Phrase(zh="不应该报，却报了", en="should be silent, and fires")
UNREADABLE = Phrase(zh="样例读不了", en="the example cannot be read")
ELSEWHERE = Phrase(zh="应该报在 {wanted}，却报在 {found}", en="should fire at {wanted}, and fires at {found}")
NOT_A_REPORT = Phrase(
    zh="看不出这是一份报告，所以没有检查：请加上标题或“一、总体情况”这样的标题行",
    en="it does not look like a report, so it was not checked: add a title or a heading such as 一、总体情况",
)
DIFFERENT = Phrase(
    zh="与 {golden} 不同（确认无误后用 --update 重写）", en="differs from {golden} (rewrite it with --update)"
)


class Case(NamedTuple):
    """One example of a rule or template."""

    path: str  # of the rule or template
    name: str  # of the example
    rules: tuple[Rule, ...]
    bad: bool
    source: Source
    at: tuple[str, ...] = ()  # where it must fire; nothing leaves it open
    golden: str | None = None  # the file with what must be said


class Outcome(NamedTuple):
    path: str
    name: str
    problem: str = ""  # nothing where all is well; the first line is a sentence


def run(ruleset: Ruleset, paths: Sequence[str], lang: str, update: bool) -> list[Outcome]:
    """The outcome of each example of the rules and templates below `paths`. Raises UsageError where there are none.

    `update` rewrites the `.out` files, which hold what a bad example must say.
    """
    outcomes: list[Outcome] = []
    for rule in ruleset.rules:
        if _below(rule.path, paths) and not rule.off:
            outcomes += _try_rule(rule, ruleset, lang, update)
    for path in paths:
        outcomes += [_try(case, ruleset, lang, update) for case in _template_cases(path, ruleset)]
    if not outcomes:
        shown = ", ".join(paths)
        raise UsageError(
            Phrase(
                zh=f"{shown or '配置里'}没有自己的规则；请写明规则文件夹，或用 nianbao new-rule 新建",
                en=f"no own rules in {shown or 'the configuration'}; name their folder, or try nianbao new-rule",
            )
        )
    return outcomes


def _below(path: str, paths: Sequence[str]) -> bool:
    """Whether a rule's file is one of `paths` or lies in one of them."""
    path = os.path.abspath(path)
    return any(path == known or path.startswith(os.path.join(known, "")) for known in map(os.path.abspath, paths))


def _try_rule(rule: Rule, ruleset: Ruleset, lang: str, update: bool) -> Iterator[Outcome]:
    folder = os.path.join(os.path.dirname(rule.path), rule.id)
    cases = [*_inline_cases(rule), *_folder_cases(folder, rule.path, (rule,))]
    if not cases:  # a change of a built-in rule is held against the examples that this one has
        cases = list(_folder_cases(os.path.join(built_in_examples(), rule.id), rule.path, (rule,), goldens=False))
    if not any(case.bad for case in cases):
        yield Outcome(rule.path, "bad", NO_BAD.say(lang).format(folder=folder))
    for case in cases:
        yield _try(case, ruleset, lang, update)


def _inline_cases(rule: Rule) -> Iterator[Case]:
    for kind, examples in rule.examples._asdict().items():
        for number, given in enumerate(examples, 1):
            example = given if isinstance(given, Example) else Example(text=given)
            name = f"{kind}-{number}.{example.format}"
            data = example.text.encode()
            source = Source(path=name, load=lambda data=data: data)  # type: ignore[misc]
            yield Case(rule.path, f"examples.{name}", (rule,), kind == "bad", source, example.at)


def _folder_cases(folder: str, path: str, rules: tuple[Rule, ...], goldens: bool = True) -> Iterator[Case]:
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        if os.path.splitext(name)[1].lower() in READERS:
            file = os.path.join(folder, name)
            golden = os.path.splitext(file)[0] + ".out" if goldens else None
            source = Source(path=name, load=lambda file=file: load_file(file))  # type: ignore[misc]
            yield Case(path, name, rules, name.startswith("bad"), source, golden=golden)


def _template_cases(path: str, ruleset: Ruleset) -> Iterator[Case]:
    rules = tuple(rule for rule in ruleset.rules if rule.topic in TEMPLATE_TOPICS)
    for template in ruleset.templates:
        file = os.path.join(path, "templates", f"{template.edition}.yaml")
        if os.path.isfile(file):
            yield from _folder_cases(os.path.splitext(file)[0], file, rules)


def _try(case: Case, ruleset: Ruleset, lang: str, update: bool) -> Outcome:
    (result,) = check([case.source], Task(ruleset._replace(rules=case.rules), ruleset, lang))
    said = "".join(render([result], Context(lang)))
    own = {rule.id for rule in case.rules}
    found = [diagnostic for diagnostic in result.diagnostics if diagnostic.rule in own]
    problem = ""
    if not case.name.removeprefix("examples.").startswith(KINDS):
        problem = BAD_NAME.say(lang)
    elif result.failed and not found:
        problem = f"{UNREADABLE.say(lang)}\n{said}"
    elif found and not case.bad:
        problem = f"{FIRED.say(lang)}\n{said}"
    elif case.bad and not found:
        why = [unchecked.reason for unchecked in result.unchecked]
        if not read_report(case.source, ruleset).recognised:
            why.append(NOT_A_REPORT.say(lang))
        problem = "\n".join([SILENT.say(lang), *why])
    elif case.at and not _fits(case.at, found):
        places = ", ".join(f"{diagnostic.at.line}:{diagnostic.at.column}" for diagnostic in found)
        problem = f"{ELSEWHERE.say(lang).format(wanted=', '.join(case.at), found=places)}\n{said}"
    elif case.bad and case.golden:
        problem = _compare(case.golden, said, lang, update)
    return Outcome(case.path, case.name, problem)


def _fits(wanted: Sequence[str], diagnostics: Sequence[Diagnostic]) -> bool:
    """Whether each place that is wanted has a diagnostic, and each diagnostic is wanted."""
    names = [{str(d.at.line), f"{d.at.line}:{d.at.column}", d.address} for d in diagnostics]
    return all(known & set(wanted) for known in names) and all(
        any(place in known for known in names) for place in wanted
    )


def _compare(golden: str, said: str, lang: str, update: bool) -> str:
    """What is different from the golden file; nothing where it is the same or there is none."""
    if update:
        with open(golden, "w", encoding="utf-8", newline="\n") as file:
            file.write(said)
    if not os.path.isfile(golden):
        return ""
    from difflib import unified_diff  # only where goldens are kept

    with open(golden, encoding="utf-8") as file:
        kept = file.read()
    lines = list(unified_diff(kept.splitlines(), said.splitlines(), lineterm="", n=1))[2:]
    return "\n".join([DIFFERENT.say(lang).format(golden=golden), *lines]) if lines else ""


def show(outcomes: Sequence[Outcome], lang: str) -> Iterator[str]:
    """The outcomes as pytest prints them: a line a rule, each failure in full, one line for each at the end."""
    for path in dict.fromkeys(outcome.path for outcome in outcomes):
        yield f"{path} {''.join('F' if o.problem else '.' for o in outcomes if o.path == path)}\n"
    failed = [outcome for outcome in outcomes if outcome.problem]
    for outcome in failed:
        yield f"\n____ {outcome.path}::{outcome.name} ____\n{outcome.problem.rstrip()}\n"
    if failed:
        yield "\n"
    for outcome in failed:
        yield f"FAILED {outcome.path}::{outcome.name} - {outcome.problem.splitlines()[0]}\n"
    good = len(outcomes) - len(failed)
    yield (
        Phrase(zh=f"{len(failed)} 个未通过，{good} 个通过", en=f"{len(failed)} failed, {good} passed").say(lang) + "\n"
    )
