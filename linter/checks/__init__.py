"""The kinds of check: a rule's `check` names one of them."""

from linter.check import Check
from linter.checks.agency import AgencyCheck
from linter.checks.aspect import AspectCheck
from linter.checks.cell import CellCheck
from linter.checks.claim import ClaimCheck
from linter.checks.contradiction import ContradictionCheck
from linter.checks.edition import EditionCheck
from linter.checks.file import FileCheck
from linter.checks.mention import MentionCheck
from linter.checks.partition import PartitionCheck
from linter.checks.pattern import PatternCheck
from linter.checks.percentage import PercentageCheck
from linter.checks.period import PeriodCheck
from linter.checks.section import SectionCheck
from linter.checks.suppression import SuppressionCheck
from linter.checks.table import TableCheck
from linter.checks.title import TitleCheck
from linter.checks.total import TotalCheck
from linter.checks.year import YearCheck

CHECKS: dict[str, type[Check]] = {
    "agency": AgencyCheck,
    "aspect": AspectCheck,
    "cell": CellCheck,
    "claim": ClaimCheck,
    "contradiction": ContradictionCheck,
    "edition": EditionCheck,
    "file": FileCheck,
    "mention": MentionCheck,
    "partition": PartitionCheck,
    "pattern": PatternCheck,
    "percentage": PercentageCheck,
    "period": PeriodCheck,
    "section": SectionCheck,
    "suppression": SuppressionCheck,
    "table": TableCheck,
    "title": TitleCheck,
    "total": TotalCheck,
    "year": YearCheck,
}
"""Name in a rule's `check` → the class whose fields are the options in its `with`."""

STAMPED = frozenset({"suppression"})
"""Kinds whose findings only the engine makes: no rule of one's own can be of them."""
