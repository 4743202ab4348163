"""`nianbao new-rule`: a rule to start from, with its examples: a copy of a built-in rule of the same kind."""

import os
import re
import shutil
from collections.abc import Iterator
from typing import get_args

from linter.checks import CHECKS
from linter.errors import Phrase, UsageError, unwritable
from linter.ruleset import READ_RULE, Rule, Ruleset, built_in_examples, load_rules
from linter.schema import first_line
from linter.yamlfile import record_types

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def new_rule(name: str, kind: str, folder: str, every: Ruleset, lang: str) -> Iterator[str]:
    """Writes the rule and its examples, and says which. Raises UsageError for a wrong name and for what is there."""
    if not _ID.fullmatch(name):
        raise UsageError(
            Phrase(
                zh=f"规则名“{name}”不对：用小写字母、数字和连字符，如 town-contact",
                en=f"not a rule id: '{name}'; use small letters, digits and hyphens, as in town-contact",
            )
        )
    if any(rule.id == name for rule in every.rules):
        raise UsageError(Phrase(zh=f"规则“{name}”已经有了", en=f"there already is a rule '{name}'"))
    path, examples = os.path.join(folder, f"{name}.yaml"), os.path.join(folder, name)
    for there in (path, examples):
        if os.path.exists(there):
            raise UsageError(Phrase(zh=f"{there} 已经有了", en=f"{there} already exists"))
    model = _model(kind)
    try:
        os.makedirs(examples)
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(_text(name, kind, model))
        for given in _examples(model):
            shutil.copy(given, examples)
    except OSError as error:
        raise unwritable(folder, error) from None
    written = [path, *(os.path.join(examples, known) for known in sorted(os.listdir(examples)))]
    yield from (Phrase(zh=f"已写入 {known}\n", en=f"written {known}\n").say(lang) for known in written)
    yield Phrase(
        zh=f"改好规则和样例后运行：nianbao test-rules {folder}\n",
        en=f"change the rule and its examples, then run: nianbao test-rules {folder}\n",
    ).say(lang)


def _model(kind: str) -> Rule:
    """The built-in rule of that kind that is shortest to read."""
    same = [rule for rule in load_rules().rules if isinstance(rule.check, CHECKS[kind]) and _examples(rule)]
    rules = [rule for rule in same if rule.id != READ_RULE]  # which the engine stamps, no check finds
    return min(rules, key=lambda rule: (os.path.getsize(rule.path), rule.id))


def _examples(rule: Rule) -> list[str]:
    """The built-in examples of a rule, without goldens."""
    folder = os.path.join(built_in_examples(), rule.id)
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    return [os.path.join(folder, name) for name in names if not name.endswith(".out")]


def _text(name: str, kind: str, model: Rule) -> str:
    with open(model.path, encoding="utf-8") as file:
        text = file.read()
    check = CHECKS[kind]
    options = "\n".join(f"#   {field}: {_type_name(wanted)}" for field, wanted in record_types(check).items())
    head = (
        f"# 从内置规则 {model.id} 复制而来：请改 title、basis、with、message、help，再改 {name}/ 里的样例\n"
        f"# （bad* 必须报，ok* 和 alike* 必须不报），然后运行 nianbao test-rules。\n"
        f"# A copy of the built-in rule {model.id}: change what it says and the examples in {name}/, then run\n"
        f"# nianbao test-rules. {first_line(check)}\n"
        f"# with 的选项 options of `with`:\n{options}\n"
    )
    return head + re.sub(rf"(?m)^id: {re.escape(model.id)}$", f"id: {name}", text)


def _type_name(wanted: object) -> str:
    names = [_type_name(part) for part in get_args(wanted) if part is not Ellipsis]
    if not names:
        return wanted.__name__ if isinstance(wanted, type) else str(wanted)
    return " | ".join(names) if "Literal" in str(wanted) or "|" in str(wanted) else f"[{', '.join(names)}]"
