"""Rules and templates: YAML files → Ruleset, every mistake with file, line and column."""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from linter.check import Addressing, Check
from linter.checks import CHECKS
from linter.diagnostic import Level
from linter.errors import Mistake, Phrase, RuleError, UsageError
from linter.overriding import completed
from linter.selection import Choice, Severity, choose, known_names
from linter.template import Template
from linter.treecache import Unusable, load_contents, made_of, revive, save_contents
from linter.yamlfile import Invalid, Node, YamlFile

READ_RULE = "unreadable-file"
"""The rule that the engine stamps on a file that cannot be read."""


class Example(NamedTuple):
    """A report, or a piece of one, that a rule is held against."""

    text: str
    at: tuple[str, ...] = ()  # where a bad one must fire, and nowhere else: "line", "line:column" or an address
    format: str = "txt"  # the suffix that its reader goes by


class Examples(NamedTuple):
    """What stands in a rule file itself; longer ones are files in the folder of the rule's name beside it."""

    bad: tuple[Example | str, ...] = ()  # must fire
    ok: tuple[Example | str, ...] = ()  # must stay silent


class Rule(NamedTuple):
    id: str
    title: Phrase
    level: Level
    basis: str
    message: Phrase
    help: Phrase | None  # why it matters and how to correct it
    preview: bool  # of doubtful precision: runs only when asked for
    check: Check
    path: str  # the file that it comes from
    topic: str  # the name of its folder, or the topic of the rule that it replaces
    off: bool = False  # runs only when it is selected by its id, or given a level
    examples: Examples = Examples()


class RuleHead(NamedTuple):
    """The keys of a rule file, but for `check` and `with`, which depend on one another."""

    id: str
    title: Phrase | str
    level: Severity
    basis: str
    message: Phrase
    help: Phrase | None = None
    preview: bool = False
    examples: Examples = Examples()


class Ruleset(NamedTuple):
    rules: tuple[Rule, ...]  # by id
    templates: tuple[Template, ...]  # oldest first
    year: int | None = None  # of all reports, whatever they say; None where each says its own
    made_of: str = ""  # stands for the content of the files that it comes from

    def rule(self, name: str) -> Rule:
        """The rule of that id. Raises UsageError, with the nearest id, where there is none."""
        found = next((rule for rule in self.rules if rule.id == name), None)
        if found is None:
            raise unknown_rule(name, [rule.id for rule in self.rules])
        return found

    def chosen(self, select: Sequence[str], ignore: Sequence[str], preview: bool = False) -> "Ruleset":
        """Only the selected rules, without the ignored ones. Raises UsageError for an unknown name.

        Where none is selected, all are, but preview rules only with `preview`.
        """
        return self.after([Choice(select=tuple(select), ignore=tuple(ignore))], preview)[0]

    def after(self, choices: Sequence[Choice], preview: bool) -> tuple["Ruleset", "Ruleset"]:
        """(only the rules that the choices leave, all of them), at the levels that the choices set.

        Raises UsageError for an unknown name.
        """
        known = known_names(self.rules)
        for choice in choices:
            for name in (*choice.select, *choice.extend_select, *choice.ignore, *choice.levels):
                if name not in known:
                    raise unknown_rule(name, sorted(known))
        active, levels = choose(self.rules, choices, preview)
        every = tuple(
            rule if levels.get(rule.id, "off") == "off" else rule._replace(level=Level(levels[rule.id]))
            for rule in self.rules
        )
        return self._replace(rules=tuple(rule for rule in every if rule.id in active)), self._replace(rules=every)


def unknown_rule(name: str, known: Sequence[str]) -> UsageError:
    """The error for a rule id that does not exist."""
    from difflib import get_close_matches  # only in the error case

    near = get_close_matches(name, known, n=1)
    return UsageError(
        Phrase(
            zh=f"没有规则“{name}”" + (f"；是不是“{near[0]}”？" if near else "；nianbao rules 列出全部规则"),
            en=f"no rule '{name}'" + (f"; did you mean '{near[0]}'?" if near else "; nianbao rules lists them all"),
        )
    )


def built_in_folder() -> str:
    """The folder of the built-in rules: inside the installed package, or beside it in a checkout."""
    package = os.path.dirname(os.path.abspath(__file__))
    inside = os.path.join(package, "rules")
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(package), "rules")


def built_in_examples() -> str:
    """The folder with the examples of the built-in rules, one folder a rule."""
    return os.path.join(os.path.dirname(built_in_folder()), "fixtures", "rules")


def load_rules(own: Sequence[str] = (), cache: str | None = None) -> Ruleset:
    """The built-in ruleset, with the rules and templates of the folders `own` added to it; one of the same id replaces.

    `cache` is a file that keeps the composed YAML: while the files' content is the same, no YAML is parsed. Raises
    RuleError with every mistake in the files, UsageError for a folder that is not there.
    """
    for folder in own:
        if not os.path.isdir(folder):
            raise UsageError(Phrase(zh=f"没有规则文件夹 {folder}", en=f"no rules folder {folder}"))
    sources = {path: _read(path) for folder in (built_in_folder(), *own) for path in _yaml_files(folder)}
    identity = made_of(sources)
    if cache:
        try:
            return _revive(load_contents(cache, identity))._replace(made_of=identity)
        except Unusable:
            pass
    mistakes: list[Mistake] = []
    files = {path: YamlFile(path=path, mistakes=mistakes) for path in sources}
    trees = {path: tree for path, data in sources.items() if (tree := _parse(files[path], data)) is not None}
    ruleset = _build(files, trees, mistakes)
    if cache:
        save_contents(
            cache, identity, trees, {node: kept for file in files.values() for node, kept in file.kept.items()}
        )
    return ruleset._replace(made_of=identity)


def _revive(contents: Mapping[str, Any]) -> Ruleset:
    """The ruleset in the contents of files that were found free of mistakes before. Raises Unusable."""
    templates = [revive(content, Template) for path, content in contents.items() if _is_template(path)]
    rules = []
    for path, content in contents.items():
        if not _is_template(path):
            head = {key: value for key, value in content.items() if key not in {"check", "with"}}
            kind = CHECKS.get(content.get("check"))
            if kind is None:
                raise Unusable
            rules.append(_rule(revive(head, RuleHead), revive(content.get("with", {}), kind), path))
    return _ruleset(rules, templates)


def _build(files: Mapping[str, YamlFile], trees: dict[str, Node], mistakes: list[Mistake]) -> Ruleset:
    """The ruleset that the composed files hold. Raises RuleError with every mistake in them."""
    trees.update(completed({path: tree for path, tree in trees.items() if not _is_template(path)}))
    built = [_attempt(files[path], tree, Template) for path, tree in trees.items() if _is_template(path)]
    templates = [template for template in built if template is not None]
    rules: list[Rule] = []
    for path, tree in trees.items():
        if not _is_template(path):
            try:
                rules.append(_build_rule(files[path], tree, tuple(templates)))
            except Invalid:
                continue
    if mistakes:
        raise RuleError(sorted(mistakes, key=lambda mistake: (mistake.path, mistake.line, mistake.column)))
    return _ruleset(rules, templates)


def _ruleset(rules: Sequence[Rule], templates: Sequence[Template]) -> Ruleset:
    """The ruleset of those rules and templates; of two with one id or edition the later one stands."""
    by_id: dict[str, Rule] = {}
    for rule in rules:
        by_id[rule.id] = rule._replace(topic=by_id[rule.id].topic) if rule.id in by_id else rule
    by_edition = {template.edition: template for template in templates}
    ordered = sorted(by_edition.values(), key=lambda template: template.first_year)
    return Ruleset(rules=tuple(by_id[name] for name in sorted(by_id)), templates=tuple(ordered))


def _rule(head: RuleHead, check: Check, path: str) -> Rule:
    title = head.title if isinstance(head.title, Phrase) else Phrase(zh=head.title, en=head.title)
    return Rule(
        id=head.id,
        title=title,
        level=Level.INFO if head.level == "off" else Level(head.level),
        basis=head.basis,
        message=head.message,
        help=head.help,
        preview=head.preview,
        check=check,
        path=path,
        topic=os.path.basename(os.path.dirname(os.path.abspath(path))),
        off=head.level == "off",
        examples=head.examples,
    )


def _is_template(path: str) -> bool:
    return os.path.basename(os.path.dirname(path)) == "templates"


def _yaml_files(folder: str) -> Iterator[str]:
    for root, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            if name.endswith((".yaml", ".yml")):
                yield os.path.join(root, name)


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _parse(file: YamlFile, data: bytes) -> Node | None:
    try:
        return file.parse(data)
    except Invalid:
        return None


def _build_rule(file: YamlFile, root: Node, templates: tuple[Template, ...]) -> Rule:
    """The rule in a composed file, validated against the templates. Raises Invalid after noting every mistake."""
    pairs = {key: (key_node, value) for key, key_node, value in file.pairs(root)}
    if "check" not in pairs:
        raise file.wrong(
            root,
            "缺少“check”；如果是要改已有的规则，文件名须与那条规则相同",
            "'check' is missing; a file that changes a rule has the name of that rule",
        )
    start = len(file.mistakes)
    head_node = root._replace(value=[pair for pair in root.value if pair[0].value not in {"check", "with"}])
    head: RuleHead | None = _attempt(file, head_node, RuleHead)
    kind = pairs["check"][1]
    if kind.value not in CHECKS:
        raise file.unknown(kind, "检查", "check", str(kind.value), CHECKS)
    nothing = Node(kind="map", value=[], line=root.line, column=root.column)
    options = pairs["with"][1] if "with" in pairs else nothing
    check: Check | None = _attempt(file, options, CHECKS[kind.value])
    if check is not None:
        _validate_options(file, options, check, templates)
    if "id" in pairs:
        _validate_id(file, pairs["id"][1])
    if check is not None and "message" in pairs:
        _validate_placeholders(file, pairs["message"][1], check.placeholders())
    if head is None or check is None or len(file.mistakes) > start:
        raise Invalid
    return _rule(head, check, file.path)


def _attempt(file: YamlFile, node: Node, wanted: type[Any]) -> Any:
    """What the node builds, or None after its mistakes were noted."""
    try:
        return file.build(node, wanted)
    except Invalid:
        return None


def _validate_id(file: YamlFile, node: Node) -> None:
    expected = os.path.splitext(os.path.basename(file.path))[0]
    if node.value != expected:
        file.wrong(node, f"id 应与文件名相同：“{expected}”", f"the id must be the file's name: '{expected}'")


def _validate_options(file: YamlFile, options: Node, check: Check, templates: tuple[Template, ...]) -> None:
    problems = check.problems(templates) if isinstance(check, Addressing) else ()
    for problem in problems:
        node = next((value for key, _, value in file.pairs(options) if key == problem.option), options)
        file.unknown(node, "名称", "name", problem.name, problem.known)


def _validate_placeholders(file: YamlFile, message: Node, known: frozenset[str]) -> None:
    """Messages may hold `{name}` and nothing else: no attribute, index, conversion or format."""
    import string  # only where files are validated

    for _, _, node in file.pairs(message):
        try:
            fields = list(string.Formatter().parse(str(node.value)))
        except ValueError as error:
            file.wrong(node, f"花括号不成对：{error}", f"unbalanced braces: {error}")
            continue
        for _, name, spec, conversion in fields:
            if name is not None and (name not in known or spec or conversion):
                file.unknown(node, "占位符", "placeholder", name, known)
