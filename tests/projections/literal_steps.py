"""S6.2 to S6.8 step by step on plain interval sets, slowly: what the sweep is compared with.

Nothing here knows levels, grids or numpy; every set is a sorted list of intervals.
"""

from fractions import Fraction

from projections.sweep.plan import Leaf
from schemas.instant import Interval, intersect, length, subtract, union

FAR = 1 << 40


class Signal:
    """One signal: its leaves, its time, its weight, and per exclusion when it is proven."""

    def __init__(self, kind, leaves, spans, proofs, weight):
        self.kind, self.leaves, self.spans = kind, leaves, spans
        self.proofs, self.weight = proofs, weight


def plain(proof):
    if proof is True:
        return [Interval(-FAR, FAR)]
    return [] if proof is False else list(proof.intervals())


def signals_of(line):
    found = []
    for start, end, kind in zip(line.start.tolist(), line.end.tolist(), line.kind.tolist()):
        one = line.classes[kind]
        spans = union([Interval(start, min(end, line.at))])
        found.append(
            Signal(one.kind, one.leaves, spans, [plain(p) for p in one.proofs], one.weight)
        )
    return found


def down_when(tree, lit):
    """`lit` gives per leaf its instants."""
    if isinstance(tree, Leaf):
        return lit[tree.index]
    sets = [down_when(one, lit) for one in tree.of]
    if not 0 < tree.need <= len(sets):
        return []
    points = sorted({point for one in sets for pair in one for point in pair})
    return union(
        Interval(a, b)
        for a, b in zip(points, points[1:])
        if sum(bool(intersect([Interval(a, b)], one)) for one in sets) >= tree.need
    )


def raw_of(plan, signals, spans):
    lit = [
        union(i for s, own in zip(signals, spans) if leaf in s.leaves for i in own)
        for leaf in range(plan.leaves)
    ]
    return down_when(plan.tree, lit)


def units(plan, down):
    if plan.unit is None:
        return down
    size, found = plan.unit.length, []
    for number in {n for a, b in down for n in range(a // size, -(-b // size))}:
        unit = Interval(number * size, (number + 1) * size)
        if fits(plan.unit, length(intersect(down, [unit]))):
            found.append(unit)
    return union(found)


def fits(unit, down):
    return (
        (unit.at_least is None or down >= unit.at_least)
        and (unit.above is None or down > unit.above)
        and (unit.at_most is None or down <= unit.at_most)
        and (unit.below is None or down < unit.below)
    )


def hours(line, down):
    return down if line.open_hours is None else intersect(down, list(line.open_hours.intervals()))


def taken_by(signals, number, gone):
    """The signals that exclusion `number` takes away, as spans beside each signal (S6.22, S6.40)."""
    own = []
    for one in signals:
        takes = one.kind != "shared" and one.proofs
        own.append(intersect(one.spans, one.proofs[number - 1]) if takes else [])
    force = union(i for s in signals if s.kind == "impact" for i in s.spans)
    standing = union(
        i
        for s, mine, before in zip(signals, own, gone)
        if s.kind == "impact"
        for i in subtract(subtract(s.spans, mine), before)
    )
    free = subtract(force, standing)
    return [
        intersect(one.spans, free) if one.kind == "shared" else mine
        for one, mine in zip(signals, own)
    ]


def spend(take, quota, life):
    """In order of time, account by account (S7.30)."""
    bounds = [-FAR, *quota.bounds.tolist(), FAR]
    found = []
    for low, high in zip(bounds, bounds[1:]):
        rest = quota.amount
        for a, b in intersect(intersect(take, life), [Interval(low, high)]):
            found.append(Interval(a, min(b, a + rest)))
            rest -= min(b - a, rest)
    return union(found)


def weigh(signals, gone, spans):
    """The length of spans, each instant at the greatest weight of the signals still there."""
    left = [(s.weight, subtract(s.spans, g)) for s, g in zip(signals, gone) if s.leaves]
    total, done = Fraction(0), []
    for weight, own in sorted(left, key=lambda pair: -pair[0]):
        fresh = subtract(intersect(own, spans), done)
        total += weight * length(fresh)
        done = union([*done, *fresh])
    return total


def walk(plan, line):
    """Everything of S6.2 to S6.4: outages, down, taken, proven, left, and the weights."""
    signals = signals_of(line)
    raw = raw_of(plan, signals, [s.spans for s in signals])
    outages = [one for one in raw if one.end - one.start >= plan.minimum]
    down = left = hours(line, units(plan, outages))
    gone = [[] for _ in signals]
    taken, all_proven, weights = [], [], [weigh(signals, gone, down)]
    removed_weightless = []
    for number in range(1, plan.top):
        sig = taken_by(signals, number, gone)
        windows = list(line.windows[number - 1].intervals()) if line.windows else []
        impacts = [
            i
            for s in signals
            if s.kind != "shared" and s.proofs
            for i in intersect(s.spans, s.proofs[number - 1])
        ]
        proven = union([*windows, *impacts])
        take = intersect(left, windows)
        if any(s.kind != "shared" and mine for s, mine in zip(signals, sig)):
            still = [subtract(subtract(s.spans, g), x) for s, g, x in zip(signals, gone, sig)]
            lost = subtract(left, hours(line, units(plan, raw_of(plan, signals, still))))
            take = union([*take, *lost])
        if plan.how[number - 1] == "removed_window":
            take = union([*take, *intersect(left, proven)])
        if number in line.quotas:
            take = spend(take, line.quotas[number], list(line.life.intervals()))
            sig = [intersect(one, take) for one in sig]
            proven = take
        taken.append(take)
        all_proven.append(proven)
        left = subtract(left, take)
        gone = [union([*g, *x]) for g, x in zip(gone, sig)]
        weights.append(weigh(signals, gone, left))
        removed_weightless.append((take, list(gone), left))
    return outages, down, taken, all_proven, left, weights


def figures(plan, line, coverage):
    """Gross, excused, net, denominator over a coverage, all unweighted (S6.5 to S6.8)."""
    _, down, taken, proven, left, _ = walk(plan, line)
    so_far = [Interval(a, min(b, line.at)) for a, b in coverage if a < line.at]
    time = hours(line, so_far)
    for how, take, all_of_it in zip(plan.how, taken, proven):
        if how == "removed":
            time = subtract(time, take)
        if how == "removed_window":
            time = subtract(time, all_of_it)
    return (
        length(intersect(down, so_far)),
        [length(intersect(one, so_far)) for one in taken],
        length(intersect(left, so_far)),
        length(time),
    )
