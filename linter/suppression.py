"""Exceptions from rules: what the directives in a file ask for, and which diagnostics an exception takes out."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple

from linter.check import Finding
from linter.checks.suppression import SuppressionCheck
from linter.diagnostic import Diagnostic, Exemption, FileResult, Suppressed
from linter.document import Directive, Position
from linter.errors import Phrase
from linter.ruleset import READ_RULE, Rule, Ruleset

INVALID_RULE, UNUSED_RULE = "suppression-invalid", "suppression-unused"
"""The rules that the engine stamps on exceptions."""

LONGEST_SHOWN = 40
"""Characters that a message quotes of a comment."""

_ASKED = re.compile(
    r"(?P<verb>ignore(?:-file)?)(?:\s+(?P<rules>[\w-]+(?:\s*[,，、]\s*[\w-]+)*)(?P<reason>.*))?",
    re.ASCII | re.IGNORECASE | re.DOTALL,
)
_FORM = Phrase(
    zh="写法是 ignore 规则名 理由，或 ignore-file 规则名 理由",
    en="write `ignore RULE reason` or `ignore-file RULE reason`",
)
_REASON = Phrase(zh="请在规则名后面写明理由", en="write the reason behind the rule's name")


def inline_exemptions(directives: Iterable[Directive], rules: Ruleset) -> Iterator[Exemption | Finding]:
    """What the directives ask for, each either an exemption or a finding of what is wrong with it."""
    for directive in directives:
        text = directive.text
        asked = None if text is None else _ASKED.fullmatch(text)
        if text is None:
            problem = Phrase(zh="注释没有在这一行结束", en="the comment does not end on this line")
            remedy = Phrase(zh="请在同一行写上 -->", en="put --> on the same line")
            yield invalid(directive.at, problem, remedy)
        elif asked is None or not asked["rules"]:
            said = text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"
            problem = Phrase(zh=f"看不懂“{said}”", en=f"'{said}' is not understood")
            yield invalid(directive.at, problem, _FORM)
        elif not asked["reason"].strip():
            yield invalid(directive.at, Phrase(zh="没有写理由", en="there is no reason"), _REASON)
        else:
            line = directive.line if asked["verb"].lower() == "ignore" else None
            for name in re.split(r"\s*[,，、]\s*", asked["rules"]):
                yield unknown_rule_finding(name, directive.at, rules) or Exemption(
                    kind="inline", rule=name, reason=asked["reason"].strip(), at=directive.at, line=line
                )


def unknown_rule_finding(name: str, at: Position, rules: Ruleset) -> Finding | None:
    """The finding for the name of a rule that does not exist or allows no exception; None for others."""
    rule = next((rule for rule in rules.rules if rule.id == name), None)
    if rule is None:
        from difflib import get_close_matches  # only in the error case

        near = get_close_matches(name, [rule.id for rule in rules.rules], n=1)
        remedy = Phrase(zh="nianbao rules 列出全部规则", en="nianbao rules lists them all")
        if near:
            remedy = Phrase(zh=f"是不是“{near[0]}”？", en=f"did you mean '{near[0]}'?")
        return invalid(at, Phrase(zh=f"没有规则“{name}”", en=f"there is no rule '{name}'"), remedy)
    if name == READ_RULE or isinstance(rule.check, SuppressionCheck):
        problem = Phrase(zh=f"{name} 不能有例外", en=f"{name} allows no exception")
        return invalid(at, problem, Phrase(zh="请删去这条例外", en="delete this exception"))
    return None


def invalid(at: Position, problem: Phrase, remedy: Phrase) -> Finding:
    """A finding of INVALID_RULE."""
    return Finding(at=at, values={"problem": problem, "remedy": remedy})


class Exceptions(NamedTuple):
    """The exceptions for one file, and what is wrong with those that are written in it."""

    exemptions: tuple[Exemption, ...]
    faults: tuple[Finding, ...]

    def with_named(self, chosen: Ruleset, every: Ruleset) -> Iterator[Rule]:
        """The chosen rules, and those of `every` that an exemption names: whether it is needed depends on no choice."""
        yield from chosen.rules
        named = {exemption.rule for exemption in self.exemptions} - {rule.id for rule in chosen.rules}
        yield from (rule for rule in every.rules if rule.id in named)


def read_exceptions(directives: Iterable[Directive], rules: Ruleset, waived: Iterable[Exemption]) -> Exceptions:
    """What the directives ask for, and the waivers."""
    asked = list(inline_exemptions(directives, rules))
    inline = [item for item in asked if isinstance(item, Exemption)]
    return Exceptions(exemptions=(*inline, *waived), faults=tuple(item for item in asked if isinstance(item, Finding)))


Stamp = Callable[[Finding, Rule], Diagnostic]


def suppress(
    result: FileResult, exceptions: Exceptions, chosen: Ruleset, ran: Collection[str], stamp: Stamp
) -> FileResult:
    """The result without what the exceptions take out, and with what is wrong with those written in the file.

    Each diagnostic goes to the first exemption that covers it, those for one place before those for the whole file. An
    exemption is unused only where its rule is among those that `ran` and left nothing unchecked. Of rules that are not
    chosen nothing stays.
    """
    ordered = sorted(exceptions.exemptions, key=lambda exemption: exemption.whole_file)
    ids = {rule.id for rule in chosen.rules}
    used: set[Exemption] = set()
    kept: list[Diagnostic] = []
    suppressed: list[Suppressed] = []
    for diagnostic in result.diagnostics:
        found = next((exemption for exemption in ordered if exemption.covers(diagnostic)), None)
        if found is not None:
            used.add(found)
        if diagnostic.rule in ids and found is None:
            kept.append(diagnostic)
        elif diagnostic.rule in ids and found is not None:
            suppressed.append(Suppressed(diagnostic=diagnostic, kind=found.kind, reason=found.reason))
    told = set(ran) - {item.rule for item in result.unchecked}
    unused = [exemption for exemption in exceptions.exemptions if exemption not in used and exemption.rule in told]
    kept += complaints(exceptions.faults, [e for e in unused if e.kind == "inline"], chosen, stamp)
    return result._replace(
        diagnostics=tuple(sorted(kept, key=lambda diagnostic: diagnostic.order)),
        unchecked=tuple(item for item in result.unchecked if item.rule in ids),
        suppressed=tuple(suppressed),
        unused=tuple(exemption for exemption in unused if exemption.kind == "waiver"),
    )


def complaints(
    faults: Iterable[Finding], unused: Iterable[Exemption], chosen: Ruleset, stamp: Stamp
) -> list[Diagnostic]:
    """What is to be said of exceptions written in one file, by the rules that are chosen."""
    needless = [Finding(at=exemption.at, values={"rule": exemption.rule}) for exemption in unused]
    findings = {INVALID_RULE: list(faults), UNUSED_RULE: needless}
    return [stamp(finding, rule) for rule in chosen.rules for finding in findings.get(rule.id, ())]
