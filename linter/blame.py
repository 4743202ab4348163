"""Which cells are to blame where identities fail: the smallest changes that make them hold and break none.

A set of changes falls apart into pieces that share no identity: each makes the failing identities that it touches hold,
and keeps the others. All pieces of one cell and of two are found; then the failing identities are divided among pieces
so that the fewest cells change, and what no such division joins is a fault of its own.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import combinations
from math import inf
from operator import mul
from typing import NamedTuple

from linter.checks.total import Instance, TotalCheck
from linter.diagnostic import Change, Hint
from linter.errors import Phrase
from linter.tables import PrintedTable
from linter.template import TableForm

MOST_SETS = 50
"""Equally small sets that are kept; how many there are is always said."""

MOST_SHOWN = 10
"""Equally small sets that the text of a hint names."""

MOST_EQUATIONS = 12
"""Failing equations that are divided together: that takes exponential time, and a table so wrong is no misprint."""

LARGEST = Decimal(10) ** 12
"""No count is as large: a table with such a figure gets no hint, and all arithmetic is exact."""

Changes = tuple[Change, ...]
Figures = Mapping[str, Decimal | None]


class Linear(NamedTuple):
    """An equation: the figures, each times its coefficient, add up to 0."""

    coefficients: Mapping[str, int]  # by address

    def residual(self, figures: Figures) -> Decimal | None:
        """What the figures do add up to; None where one is blank."""
        values = [value for value in map(figures.__getitem__, self.coefficients) if value is not None]
        if len(values) < len(self.coefficients):
            return None
        return sum(map(mul, values, self.coefficients.values()), Decimal(0))


class Fault(NamedTuple):
    """Failing equations that belong together, and the smallest sets of changes; any one makes all of them hold."""

    equations: tuple[int, ...]  # indices
    sets: tuple[Changes, ...]  # of one cell each, or of two each; at most MOST_SETS
    known: int  # how many sets there are


class Blanks(NamedTuple):
    """Numbers for the blank cells with which all equations hold."""

    changes: Changes
    certain: bool  # whether they follow from the other figures; else those that do not are taken for 0


class Blame(NamedTuple):
    faults: tuple[Fault, ...]  # the failing equations that one or two cells account for
    blanks: Blanks | None  # only where no equation fails


def blame(figures: Figures, equations: Sequence[Linear]) -> Blame | None:
    """What would make those equations hold that fail, or that blanks leave open; None where nothing is to be said.

    The figures are counts: nothing is changed to a negative number or a fraction. An equation with a blank is left out
    of account unless blanks are all that is wrong. `figures` has every address of the equations, in printed order.
    """
    if any(value is not None and abs(value) >= LARGEST for value in figures.values()):
        return None
    residuals = [equation.residual(figures) for equation in equations]
    failing = frozenset(number for number, residual in enumerate(residuals) if residual)
    faults = tuple(_faults(_pieces(figures, equations, residuals))) if failing else ()
    blanks = None if failing else _fill(figures, equations)
    return Blame(faults=faults, blanks=blanks) if faults or blanks else None


class _Piece(NamedTuple):
    fixes: frozenset[int]  # the failing equations that it touches
    changes: Changes


def _pieces(figures: Figures, equations: Sequence[Linear], residuals: Sequence[Decimal | None]) -> list[_Piece]:
    """All changes of one cell, and of two that share an equation, after which every equation holds that they touch."""
    touching: dict[str, list[int]] = {address: [] for address in figures}
    for number, equation in enumerate(equations):
        if residuals[number] is not None:
            for address in equation.coefficients:
                touching[address].append(number)
    order = {address: place for place, address in enumerate(figures)}
    suspects = [address for address, numbers in touching.items() if any(map(residuals.__getitem__, numbers))]
    # What a change does to an equation that holds, the other change must undo: both are in the same of these.
    holding = {address: frozenset(n for n in touching[address] if not residuals[n]) for address in touching}
    pairs = {
        tuple(sorted((address, other), key=order.__getitem__))
        for address in suspects
        for number in touching[address]
        for other in equations[number].coefficients
        if other != address and holding[other] == holding[address]
    }
    single = [(address,) for address in suspects if not holding[address]]
    pieces = []
    for cells in [*single, *sorted(pairs, key=lambda pair: [order[a] for a in pair])]:
        touched = sorted({number for address in cells for number in touching[address]})
        rows = [([equations[n].coefficients.get(a, 0) for a in cells], -(residuals[n] or Decimal(0))) for n in touched]
        steps = _solve(rows)
        if steps is None or not all(steps):
            continue
        before = [figures[address] or Decimal(0) for address in cells]  # not blank, or no equation would have it
        changes = tuple(map(Change, cells, before, map(Decimal.__add__, before, steps)))
        if all(_is_count(change.expected) for change in changes):
            pieces.append(_Piece(fixes=frozenset(n for n in touched if residuals[n]), changes=changes))
    return pieces


def _solve(rows: Sequence[tuple[Sequence[int], Decimal]]) -> list[Decimal] | None:
    """The only solution of equations (factors, value) in one unknown or two; None where there is none, or several."""
    factors, value = rows[0]
    if len(factors) == 1:
        steps = [value / factors[0]]
    else:
        (a, b), steps = factors, []
        for (c, d), other in rows[1:]:
            if a * d != b * c:
                steps = [(value * d - other * b) / (a * d - b * c), (other * a - value * c) / (a * d - b * c)]
                break
    holds = all(sum(map(Decimal.__mul__, steps, map(Decimal, row))) == wanted for row, wanted in rows)
    return steps if steps and holds else None


def _is_count(value: Decimal) -> bool:
    return value >= 0 and value == value.to_integral_value()


def _faults(pieces: Sequence[_Piece]) -> Iterator[Fault]:
    """The failing equations divided among the pieces by the fewest cells."""
    for joined in _unions(piece.fixes for piece in pieces):
        if len(joined) > MOST_EQUATIONS:
            continue
        inside = [piece for piece in pieces if piece.fixes <= joined]
        used = list(_used(joined, inside))
        for group in _unions(piece.fixes for piece in used):
            sets = _sets(group, used)
            if sets:
                yield Fault(equations=tuple(sorted(group)), sets=tuple(sets[:MOST_SETS]), known=len(sets))


def _unions(sets: Iterable[frozenset[int]]) -> list[frozenset[int]]:
    """The sets, those that share members made one."""
    unions: list[frozenset[int]] = []
    for members in sets:
        joined = members.union(*(union for union in unions if union & members))
        unions = [*(union for union in unions if not union & members), joined]
    return unions


def _used(equations: frozenset[int], pieces: Sequence[_Piece]) -> Iterator[_Piece]:
    """The pieces that are part of a division of the equations that changes the fewest cells."""
    known: dict[frozenset[int], float] = {frozenset(): 0}
    least = _fewest(equations, pieces, known)
    if least < inf:
        rests = ((piece, equations - piece.fixes) for piece in pieces)
        yield from (piece for piece, rest in rests if len(piece.changes) + _fewest(rest, pieces, known) == least)


def _fewest(equations: frozenset[int], pieces: Sequence[_Piece], known: dict[frozenset[int], float]) -> float:
    """The number of cells that it takes to fix each of the equations exactly once; `known` of some equations."""
    if equations not in known:
        options = [piece for piece in pieces if min(equations) in piece.fixes and piece.fixes <= equations]
        known[equations] = min(
            (len(piece.changes) + _fewest(equations - piece.fixes, pieces, known) for piece in options), default=inf
        )
    return known[equations]


def _sets(group: frozenset[int], pieces: Sequence[_Piece]) -> list[Changes]:
    """The sets of one cell, else those of two, that make the equations of the group hold."""
    whole = [piece.changes for piece in pieces if piece.fixes == group]
    parts = [piece for piece in pieces if len(piece.changes) == 1 and piece.fixes < group]
    both = (
        one.changes + other.changes
        for one, other in combinations(parts, 2)
        if one.fixes | other.fixes == group and not one.fixes & other.fixes
    )
    return [changes for changes in whole if len(changes) == 1] or [*whole, *both]


def _fill(figures: Figures, equations: Sequence[Linear]) -> Blanks | None:
    """Numbers for the blanks that satisfy all equations: those that follow from the others, then 0."""
    members = {address for equation in equations for address in equation.coefficients}
    blank = [address for address in figures if figures[address] is None and address in members]
    spoken = {a for e in equations if any(figures[a] is not None for a in e.coefficients) for a in e.coefficients}
    if not blank or not spoken.issuperset(blank):  # an empty form says nothing
        return None
    values = dict(figures)
    while follows := next((found for equation in equations if (found := _follow(equation, values))), None):
        values.update(follows)
    filled = {address: value or Decimal(0) for address, value in values.items()}
    if any(e.residual(filled) for e in equations) or not all(_is_count(filled[address]) for address in blank):
        return None
    return Blanks(
        changes=tuple(Change(address=address, printed=None, expected=filled[address]) for address in blank),
        certain=all(values[address] is not None for address in blank),
    )


def _follow(equation: Linear, values: Figures) -> dict[str, Decimal]:
    """The blanks of an equation that follow from its other figures: a single one, or several that add up to 0."""
    blank = {address: factor for address, factor in equation.coefficients.items() if values[address] is None}
    rest = sum((f * (values[a] or Decimal(0)) for a, f in equation.coefficients.items()), Decimal(0))
    if len(blank) == 1:
        return {address: -rest / factor for address, factor in blank.items()}
    if rest == 0 and len({factor > 0 for factor in blank.values()}) == 1:
        return dict.fromkeys(blank, Decimal(0))
    return {}


class _Identity(NamedTuple):
    rule: str
    check: TotalCheck
    instance: Instance
    equation: Linear


def hints(
    tables: Iterable[PrintedTable], checks: Mapping[str, TotalCheck], lang: str
) -> dict[tuple[str, str | None], Hint]:
    """A hint for each identity that one or two cells can make hold, by its rule and the address that it is found at.

    `checks` are those of the rules that demand equality, by rule; an identity with a cell that the table lacks is none.
    """
    found: dict[tuple[str, str | None], Hint] = {}
    for table in tables:
        form, figures = table.form, {address: figure.value for address, figure in table.figures.items()}
        identities = [
            _Identity(rule, check, instance, equation)
            for rule, check in checks.items()
            if check.table == form.key
            for instance, equation in _equations(check, form)
            if figures.keys() >= equation.coefficients.keys()
        ]
        result = blame(figures, [identity.equation for identity in identities])
        for fault in result.faults if result else ():
            failing = [identities[number] for number in fault.equations]
            text = _excess(form, failing, figures).say(lang) + _alternatives(form, fault).say(lang)
            hint = Hint(certain=fault.known == 1, sets=fault.sets, text=text)
            found.update({(rule, instance.target): hint for rule, _, instance, _ in failing})
        if result and result.blanks:
            text = _fillings(form, result.blanks).say(lang)
            for rule, _, instance, equation in identities:
                own = tuple(change for change in result.blanks.changes if change.address in equation.coefficients)
                if own:
                    found[rule, instance.target] = Hint(certain=result.blanks.certain, sets=(own,), text=text)
    return found


@lru_cache(maxsize=256)
def _equations(check: TotalCheck, form: TableForm) -> tuple[tuple[Instance, Linear], ...]:
    return tuple((instance, Linear(check.coefficients(instance))) for instance in check.instances(form))


def _excess(form: TableForm, failing: Sequence[_Identity], figures: Figures) -> Phrase:
    """A sentence on the columns or rows in which one rule fails by one number; nothing where they differ."""
    (_, excess), *others = {(identity.rule, identity.equation.residual(figures)) for identity in failing}
    if len(failing) == 1 or others or excess is None:
        return Phrase(zh="", en="")
    _, check, instance, _ = failing[0]
    labels = [identity.instance.label for identity in failing]
    many, over = "两" if len(labels) == 2 else f" {len(labels)} ", excess > 0
    sides = Phrase(zh="等号左边都比右边", en="the left side {} the right side")
    lines = "列" if check.for_each == "column" else "行"
    if len(instance.terms) > 2 and len(check.holds.right) == 1:
        total = form.label_of(instance.target) if check.for_each == "column" else _column(form, instance.target)
        sides = Phrase(zh=f"各项之和都比“{total}”", en=f"the parts {{}} “{total}”")
    return Phrase(
        zh=f"{'、'.join(labels)}{many}{lines}，{sides.zh}{'多' if over else '少'} {abs(excess)}。",
        en=f"in {', '.join(labels)}, {sides.en.format('exceed' if over else 'fall short of')} by {abs(excess)}: ",
    )


def _alternatives(form: TableForm, fault: Fault) -> Phrase:
    """What can be changed, and whether there is a choice; sets of two cells a line each."""
    pairs = len(fault.sets[0]) == 2
    cells = [_cells(form, changes) for changes in fault.sets[:MOST_SHOWN]]
    if fault.known == 1:
        return Phrase(
            zh=f"很可能错在这{'两' if pairs else '一'}格：{cells[0].zh}，改后有关等式就都成立",
            en=f"most likely wrong: {cells[0].en}; with that, the identities concerned hold",
        )
    if pairs:
        intro = Phrase(
            zh=f"下列 {fault.known} 种改法（各改两格）都能使等式成立，无法断定是哪一种，请核对：",
            en=f"any of these {fault.known} changes of two cells is enough; which is right cannot be told:",
        )
    else:
        intro = Phrase(
            zh=f"下列 {fault.known} 格改任一格都能使等式成立，无法断定是哪一格，请核对：",
            en=f"a change of any of these {fault.known} cells is enough; which is wrong cannot be told: ",
        )
        cells = [_cells(form, [change for (change,) in fault.sets[:MOST_SHOWN]])]
    if (more := fault.known - MOST_SHOWN) > 0:
        cells.append(Phrase(zh=f"…另有 {more} 种", en=f"… and {more} more"))
    mark = "\n" if pairs else ""
    return Phrase(
        zh=intro.zh + "".join(mark + cell.zh for cell in cells),
        en=intro.en + "".join(mark + cell.en for cell in cells),
    )


def _fillings(form: TableForm, blanks: Blanks) -> Phrase:
    """What the blanks must be, or that they can be read as 0."""
    wanted = [change for change in blanks.changes if change.expected]
    if not wanted:
        return Phrase(
            zh=f"没有填数的格按 0 计，{form.name}的等式就全部成立",
            en=f"with the blanks read as 0, all identities of {form.name} hold",
        )
    cells = _cells(form, wanted[:MOST_SHOWN])
    zh, en = (f"…另有 {len(wanted) - MOST_SHOWN} 格", " … and more") if len(wanted) > MOST_SHOWN else ("", "")
    rest = (
        Phrase(zh="；其余按 0 计", en="; the others 0") if len(wanted) < len(blanks.changes) else Phrase(zh="", en="")
    )
    return Phrase(
        zh=f"要使{form.name}的等式全部成立，没有填数的格应为：{cells.zh}{zh}{rest.zh}",
        en=f"for all identities of {form.name} to hold, the blanks must be: {cells.en}{en}{rest.en}",
    )


def _cells(form: TableForm, changes: Iterable[Change]) -> Phrase:
    """The cells row by row, each with what is printed and what it should be."""
    rows: dict[str, list[str]] = {}
    for address, printed, expected in changes:
        figures = f"{expected:f}" if printed is None else f"{printed:f}→{expected:f}"
        rows.setdefault(form.label_of(address), []).append(f"{_column(form, address)} {figures}")
    return Phrase(
        zh="；".join(f"“{row}”{'、'.join(cells)}" for row, cells in rows.items()),
        en="; ".join(f"“{row}” {', '.join(cells)}" for row, cells in rows.items()),
    )


def _column(form: TableForm, address: str) -> str:
    key = address.rpartition(".")[2]
    return next(column.label for columns in form.columns for column in columns if column.key == key)
