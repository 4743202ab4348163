"""The kinds of check: a rule's `check` names one of them."""

from linter.check import Check
from linter.checks.cell import CellCheck
from linter.checks.edition import EditionCheck
from linter.checks.file import FileCheck
from linter.checks.period import PeriodCheck
from linter.checks.section import SectionCheck
from linter.checks.table import TableCheck
from linter.checks.total import TotalCheck

CHECKS: dict[str, type[Check]] = {
    "cell": CellCheck,
    "edition": EditionCheck,
    "file": FileCheck,
    "period": PeriodCheck,
    "section": SectionCheck,
    "table": TableCheck,
    "total": TotalCheck,
}
"""Name in a rule's `check` → the class whose fields are the options in its `with`."""
