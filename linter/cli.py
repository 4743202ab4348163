"""The command line: argv → exit status.

The only place that touches argv and, with `checking` and `extracting`, the standard streams. `cli` and `checking` alone
read the environment too, but for the place of the cache (`cachefolder`) and of LibreOffice (`office`).
"""

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import chain

from linter import checking
from linter.arguments import make_parser
from linter.cachefolder import VARIABLE, cache_folder
from linter.config import BASELINE_NAME, WAIVERS_NAME, find_or_place
from linter.diagnostic import Level
from linter.engine import file_source
from linter.errors import NianbaoError, Phrase
from linter.limits import move
from linter.plan import Plan, Wishes
from linter.ruleset import Ruleset, load_rules
from linter.selection import Choice
from linter.status import FOUND, INTERRUPTED, OK, UNUSABLE, Tally


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # UTF-8 whatever the locale says
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    argv = list(sys.argv[1:] if argv is None else argv)
    options = make_parser(argv).parse_args(argv)
    lang = options.lang or "zh"
    if options.cache_dir:
        os.environ[VARIABLE] = options.cache_dir
    try:
        plan = _plan(options)
        if options.command == "lsp":  # which tells in the editor what is wrong with a configuration
            return _lsp(options, plan)
        lang = options.lang or plan.run().config.lang
        if any(plan.run().config.limits):
            move(plan.run().config.limits)
        status = COMMANDS[options.command](options, plan, lang)
        sys.stdout.flush()
    except NianbaoError as error:
        print(Phrase(zh="错误：", en="error: ").say(lang) + error.phrase.say(lang), file=sys.stderr)  # noqa: T201 - the one that speaks
        return UNUSABLE
    except BrokenPipeError:  # the reader (head, less) went away: not our error, and nothing is left to say it to
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FOUND
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def _plan(options: argparse.Namespace) -> Plan:
    wishes = Wishes(config=options.config, lang=options.lang, rules=tuple(options.rules or []))
    if options.command in {"check", "settings"}:
        select, extend, ignore = (
            tuple(chain.from_iterable(given or [])) for given in (options.select, options.extend_select, options.ignore)
        )
        wishes = wishes._replace(
            choice=Choice(select=select, extend_select=extend, ignore=ignore),
            preview=options.preview,
            fail_on=Level(options.fail_on) if options.fail_on else None,
        )
    if options.command in {"check", "settings", "extract"}:
        wishes = wishes._replace(template=options.template, year=options.year)
    if options.command == "test-rules":
        folders = (path if os.path.isdir(path) else os.path.dirname(path) or os.curdir for path in options.paths)
        wishes = wishes._replace(rules=(*wishes.rules, *map(os.path.normpath, folders)))
    return Plan(wishes, _load_rules)


def _load_rules(own: tuple[str, ...]) -> Ruleset:
    name = "rules.cache"
    if own:
        from zlib import crc32  # a cache for each set of folders

        name = f"rules-{crc32(os.pathsep.join(map(os.path.abspath, own)).encode()):08x}.cache"
    return load_rules(own, cache=os.path.join(cache_folder(), name))


def _rules(options: argparse.Namespace, plan: Plan, lang: str) -> int:
    from linter import commands

    ids = (f"{rule.id}\n" for rule in plan.every().rules)
    sys.stdout.writelines(ids if options.ids else commands.list_rules(plan.every(), lang))
    return OK


def _explain(options: argparse.Namespace, plan: Plan, lang: str) -> int:
    from linter import explanation

    ruleset = plan.every()
    sys.stdout.writelines(explanation.explain(ruleset, ruleset.rule(options.rule), lang))
    return OK


def _view(options: argparse.Namespace, plan: Plan, lang: str) -> int:  # noqa: ARG001
    from linter import commands

    if options.diff:
        changes = list(commands.view_diff(options.diff, options.file))
        sys.stdout.writelines(changes)
        return FOUND if changes else OK
    sys.stdout.writelines(commands.view_plain(options.file) if options.plain else commands.view(options.file))
    return OK


def _extract(options: argparse.Namespace, plan: Plan, lang: str) -> int:
    from linter import extracting

    return extracting.run(options, plan, lang)


def _completion(options: argparse.Namespace, plan: Plan, lang: str) -> int:  # noqa: ARG001
    from linter import completion

    sys.stdout.write(completion.script(make_parser([]), options.shell))
    return OK


def _lsp(options: argparse.Namespace, plan: Plan) -> int:
    from linter import server

    def again() -> Plan:
        fresh = Plan(plan.wishes, _load_rules)
        with suppress(NianbaoError):  # each draft that is opened says it
            move(fresh.run().config.limits)
        return fresh

    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as stdout:  # a copy: the library closes what it writes to
        left = server.serve(again, checking.today, options.lang, (sys.stdin.buffer, stdout))
    return OK if left else FOUND


def _score(options: argparse.Namespace, plan: Plan, lang: str) -> int:
    from linter import scoring

    ruleset = plan.terms(options.file or os.curdir).chosen
    sources = [file_source(options.file)] if options.file else scoring.specimens()
    for number, source in enumerate(sources):
        sys.stdout.writelines(["\n"] if number else [])
        sys.stdout.writelines(scoring.table(*scoring.score(source, ruleset), lang))
    return OK


def _init(options: argparse.Namespace, plan: Plan, lang: str) -> int:  # noqa: ARG001
    from linter import commands

    settings = {"lang": options.lang, "fail-on": options.fail_on}
    sys.stdout.writelines(commands.init(os.getcwd(), {key: value for key, value in settings.items() if value}, lang))
    return OK


def _settings(options: argparse.Namespace, plan: Plan, lang: str) -> int:
    from linter import provenance

    sys.stdout.writelines(provenance.show(plan, options.file, lang))
    return OK


def _schema(options: argparse.Namespace, plan: Plan, lang: str) -> int:  # noqa: ARG001
    from linter import schema

    sys.stdout.writelines(schema.print_schema(options.name))
    return OK


def _test_rules(options: argparse.Namespace, plan: Plan, lang: str) -> int:
    from linter import ruletest

    every = plan.every()
    folders = options.paths or [*plan.run().config.rules, *plan.wishes.rules]
    outcomes = ruletest.run(every, folders, lang, options.update)
    sys.stdout.writelines(ruletest.show(outcomes, lang))
    return FOUND if any(outcome.problem for outcome in outcomes) else OK


def _new_rule(options: argparse.Namespace, plan: Plan, lang: str) -> int:
    from linter import scaffold

    folder = options.folder or next(iter(plan.run().config.rules), "rules")
    sys.stdout.writelines(scaffold.new_rule(options.rule, options.check, folder, plan.every(), lang))
    return OK


def _waive(options: argparse.Namespace, plan: Plan, lang: str) -> int:
    from linter import commands

    path = find_or_place(os.getcwd(), WAIVERS_NAME)
    fields = {name: getattr(options, name) for name in ("file", "rule", "address", "reason", "approver", "expires")}
    sys.stdout.writelines(commands.waive(path, fields, plan.every(), checking.today(), lang))
    return OK


def _baseline(options: argparse.Namespace, plan: Plan, lang: str) -> int:
    from linter import commands

    path = options.output or find_or_place(os.getcwd(), BASELINE_NAME)
    tally = Tally()
    job = checking.Job(options, plan, lang, tally, waivers=checking.waivers_of(plan))
    results = tally.watch(checking.check_files(job, checking.survey_of(job)))
    chosen = plan.terms(os.curdir).chosen
    sys.stdout.writelines(commands.baseline(path, results, chosen, lang, pruned=options.prune))
    return tally.status if tally.status > FOUND else OK


def _cache(options: argparse.Namespace, plan: Plan, lang: str) -> int:  # noqa: ARG001
    from linter import cachecommand

    sys.stdout.writelines(cachecommand.ACTIONS[options.action](lang))
    return OK


COMMANDS: dict[str, Callable[[argparse.Namespace, Plan, str], int]] = {
    "rules": _rules,
    "explain": _explain,
    "view": _view,
    "extract": _extract,
    "completion": _completion,
    "score": _score,
    "init": _init,
    "settings": _settings,
    "schema": _schema,
    "test-rules": _test_rules,
    "new-rule": _new_rule,
    "waive": _waive,
    "baseline": _baseline,
    "cache": _cache,
    "check": checking.run,
}
"""Name of a command in `arguments` → what does it."""
