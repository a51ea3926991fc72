"""The sweep: what every instant of a line comes to under an availability (S6.2 to S6.4).

Instead of evaluating `down_when` once per exclusion, every signal has a level (`plan`) and
`down_when` is evaluated once on levels: `any` is the largest, `all` the smallest, k of n the k-th
largest. An instant of level L is excused by exclusion L, down for good at E+1, up at 0. Units take
the first L at which what is left of them no longer fits; windows cap the level from above. The
literal steps of S6.2 to S6.8 stand in the tests, which compare the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projections.sweep.plan import Leaf, Line, Node, Plan, Proof, Quota
from projections.sweep.spans import EMPTY, Spans, Truth, Whole, edges, finer, joined, runs

Level = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Swept:
    """What the sweep found: per segment of the grid its final level and weights.

    `outages` are uncut and unexcused (S6.31), `running` says whether the last goes on at `at`.
    `proven` holds each exclusion's proven time (S6.4), `weights[k]` the greatest weight of the
    signals that the first k exclusions leave, as an index into `scale` (only when weighing).
    `raw` is the level by signals alone, before units, hours and windows.
    """

    plan: Plan
    line: Line
    grid: Whole
    level: Level
    raw: Level
    outages: Spans
    running: bool
    proven: tuple[Spans, ...]
    granted: dict[int, Spans]
    weights: NDArray[np.int64] | None


def sweep(plan: Plan, line: Line) -> Swept:
    """Walk the exclusions of a line; quotas one after the other, each on what those before left."""
    granted: dict[int, Spans] = {}
    for number in sorted(line.quotas):
        unlimited = _walk(plan, line, granted)
        spans = runs(unlimited.grid, unlimited.level == number)
        granted[number] = spend(spans.both(line.life), line.quotas[number])
    return _walk(plan, line, granted)


def spend(taken: Spans, quota: Quota) -> Spans:
    """What a quota leaves of what its exclusion takes: the earliest of each account (S7.30)."""
    low, high = _reach(taken)
    grid = np.unique(np.concatenate((taken.start, taken.end, quota.bounds)))
    grid = grid[(grid >= low) & (grid <= high)]
    if len(grid) < 2:
        return EMPTY
    held = taken.covers(grid)
    start, size = grid[:-1][held], np.diff(grid)[held]
    account = np.searchsorted(quota.bounds, start, side="right")
    before = np.cumsum(size) - size
    first = np.concatenate(([True], account[1:] != account[:-1]))
    spent = before - np.maximum.accumulate(np.where(first, before, 0))
    room = np.clip(quota.amount - spent, 0, size)
    return Spans.union(start, start + room)


def _reach(spans: Spans) -> tuple[int, int]:
    return (int(spans.start[0]), int(spans.end[-1])) if len(spans.start) else (0, 0)


def _walk(plan: Plan, line: Line, granted: dict[int, Spans]) -> Swept:
    grid = _grid(line, granted)
    active = _active(line, grid)
    levels = _signal_levels(plan, line, grid, active, granted)
    leaves = _leaf_levels(plan, line, levels, len(grid) - 1)
    raw = _evaluate(plan.tree, leaves, len(grid) - 1)
    now = int(np.searchsorted(grid, line.at))
    running = bool(now < len(raw) and raw[now] > 0)
    raw[now:] = 0  # what is not ended by `at` ends there (S6.13)
    levels[:, now:] = 0
    first, behind = edges(raw > 0)
    keep = grid[behind] - grid[first] >= plan.minimum
    outages = Spans(grid[first[keep]], grid[behind[keep]])
    running = running and bool(len(outages.end) and outages.end[-1] == line.at)
    weights = _weights(plan, line, levels) if plan.weighted else None
    proven = _proven(plan, line, grid, levels, granted)
    if plan.unit is not None:
        takes = [_has_signals(line, grid, levels, number) for number in range(1, plan.top)]
        bounds = unit_bounds(outages, plan.unit.length)
        if line.open_hours is not None and len(bounds):  # units reach over the grid's ends
            hours = line.open_hours.bounds(int(bounds[0]), int(bounds[-1]))
            bounds = np.concatenate((bounds, hours))
        grid, carried = finer(grid, bounds, raw, *_some(weights))
        raw, weights = carried[0], carried[1] if weights is not None else None
        level = _in_units(plan, grid, raw, outages, set(granted), takes)
    else:
        level = np.where(outages.covers(grid), raw, np.int16(0))
    level = _capped(plan, line, grid, level, proven, granted)
    if line.open_hours is not None:
        level = np.where(line.open_hours.covers(grid), level, np.int16(0))
    return Swept(plan, line, grid, level, raw, outages, running, proven, granted, weights)


def _some(rows: NDArray[Any] | None) -> tuple[NDArray[Any], ...]:
    return () if rows is None else (rows,)


def _grid(line: Line, granted: dict[int, Spans]) -> Whole:
    """Every instant at which anything about the line changes, up to just behind `at`."""
    ends = np.minimum(line.end, line.at + 1)
    sets = [*line.windows, *granted.values()]
    own = [line.start, ends, np.array([line.at, line.at + 1], dtype=np.int64)]
    core = np.concatenate([*own, *(one.start for one in sets), *(one.end for one in sets)])
    low, high = int(core.min()), int(core.max())
    seen: dict[int, Spans] = {}
    for one in line.classes:
        seen.update((id(proof), proof) for proof in one.proofs if isinstance(proof, Spans))
    if line.open_hours is not None:
        seen[id(line.open_hours)] = line.open_hours
    return np.unique(np.concatenate([core, *(one.bounds(low, high) for one in seen.values())]))


def _active(line: Line, grid: Whole) -> Truth:
    """Which classes have a signal in force, by class and segment."""
    width, size = len(grid), len(line.classes)
    ends = np.minimum(line.end, line.at + 1)
    keep = line.start < ends
    row = line.kind[keep] * width
    opened = np.bincount(row + np.searchsorted(grid, line.start[keep]), minlength=size * width)
    closed = np.bincount(row + np.searchsorted(grid, ends[keep]), minlength=size * width)
    counts = (opened - closed).reshape(size, width)
    return np.asarray(np.cumsum(counts, axis=1)[:, :-1] > 0)


def _signal_levels(
    plan: Plan, line: Line, grid: Whole, active: Truth, granted: dict[int, Spans]
) -> Level:
    """The level of each class in each segment; 0 where it has no signal in force."""
    levels = np.zeros(active.shape, dtype=np.int16)
    cover: dict[int, Truth] = {}

    def holds(proof: Proof) -> Truth | bool:
        if isinstance(proof, bool):
            return proof
        if id(proof) not in cover:
            cover[id(proof)] = proof.covers(grid)
        return cover[id(proof)]

    for index, one in enumerate(line.classes):
        if one.kind == "shared":
            continue
        row = np.full(len(grid) - 1, plan.top, dtype=np.int16)
        for number in range(len(one.proofs), 0, -1):
            proof = one.proofs[number - 1]
            if proof is False:
                continue
            taken = holds(proof)
            if number in granted:  # under a quota only what it excused is gone (S6.4)
                taken = taken & holds(granted[number])
            row = np.where(taken, np.int16(number), row)
        levels[index] = np.where(active[index], row, np.int16(0))
    impacts = [i for i, one in enumerate(line.classes) if one.kind == "impact"]
    force = levels[impacts].max(axis=0) if impacts else np.zeros(len(grid) - 1, dtype=np.int16)
    alone = np.where(force > 0, force, np.int16(plan.top))  # S6.22
    for index, one in enumerate(line.classes):
        if one.kind == "shared":
            levels[index] = np.where(active[index], alone, np.int16(0))
    return levels


def _leaf_levels(plan: Plan, line: Line, levels: Level, width: int) -> list[Level]:
    leaves = []
    for leaf in range(plan.leaves):
        rows = [index for index, one in enumerate(line.classes) if leaf in one.leaves]
        none = np.zeros(width, dtype=np.int16)
        leaves.append(levels[rows].max(axis=0) if rows else none)
    return leaves


def _evaluate(tree: Leaf | Node, leaves: list[Level], width: int) -> Level:
    """The level of a condition: the need-th largest of those inside it."""
    if isinstance(tree, Leaf):
        return leaves[tree.index].copy()
    if not 0 < tree.need <= len(tree.of):  # nothing inside says nothing
        return np.zeros(width, dtype=np.int16)
    inner = np.stack([_evaluate(one, leaves, width) for one in tree.of])
    if tree.need == 1:
        return np.asarray(inner.max(axis=0))
    if tree.need == len(tree.of):
        return np.asarray(inner.min(axis=0))
    return np.asarray(np.sort(inner, axis=0)[len(tree.of) - tree.need])


def _weights(plan: Plan, line: Line, levels: Level) -> NDArray[np.int64]:
    """Per exclusion the rank of the greatest weight that it and those before leave (S6.53)."""
    ranks = ranked(line)
    rank = np.array([ranks.index(one.weight) + 1 for one in line.classes], dtype=np.int64)
    rank[[not one.leaves for one in line.classes]] = 0  # no signal of this availability
    return np.stack(
        [
            np.where(levels > number, rank[:, None], 0).max(axis=0, initial=0)
            for number in range(plan.top)
        ]
    )


def ranked(line: Line) -> list[Fraction]:
    """The distinct weights of a line, the smallest first."""
    return sorted({one.weight for one in line.classes})


def _proven(
    plan: Plan, line: Line, grid: Whole, levels: Level, granted: dict[int, Spans]
) -> tuple[Spans, ...]:
    """What each exclusion proves: its windows and the signals that it takes away (S6.4, S6.42)."""
    proven = []
    force = levels > 0
    for number in range(1, plan.top):
        if number in granted:
            proven.append(granted[number])
            continue
        sets = [line.windows[number - 1]] if len(line.windows) >= number else []
        for index, one in enumerate(line.classes):
            proof = one.proofs[number - 1] if one.proofs else False
            if proof is False:
                continue
            taken = force[index] & (True if proof is True else proof.covers(grid))
            sets.append(runs(grid, taken))
        proven.append(joined(sets))
    return tuple(proven)


def _capped(
    plan: Plan,
    line: Line,
    grid: Whole,
    level: Level,
    proven: tuple[Spans, ...],
    granted: dict[int, Spans],
) -> Level:
    """Windows excuse all that those before them left (S6.4, `removed_window` of S6.42)."""
    for number in range(plan.top - 1, 0, -1):
        if number in granted:
            cap = granted[number]
        elif plan.how[number - 1] == "removed_window":
            cap = proven[number - 1]
        else:
            cap = line.windows[number - 1] if len(line.windows) >= number else EMPTY
        if len(cap.start):
            level = np.where(cap.covers(grid), np.minimum(level, np.int16(number)), level)
    return level


def _in_units(
    plan: Plan, grid: Whole, raw: Level, outages: Spans, spent: set[int], takes: list[bool]
) -> Level:
    """Whole units of the UTC clock in place of exact time (S6.32, S6.40).

    `takes` says which exclusions take any signal away; those `spent` on a quota took theirs.
    """
    assert plan.unit is not None
    size, length = plan.unit.length, np.diff(grid)
    touched = Spans.union(outages.start // size * size, -(-outages.end // size) * size)
    inside = touched.covers(grid)
    unit, place = np.unique(grid[:-1][inside] // size, return_inverse=True)

    def downtime(true: Truth) -> Whole:
        total = np.zeros(len(unit), dtype=np.int64)
        np.add.at(total, place, np.where(true[inside], length[inside], 0))
        return total

    value = np.full(len(unit), plan.top, dtype=np.int16)
    for number in range(plan.top - 1, 0, -1):
        if takes[number - 1] and number not in spent:
            value[~plan.unit.fits(downtime(raw > number))] = number
    value[~plan.unit.fits(downtime(outages.covers(grid)))] = 0
    level = np.zeros(len(grid) - 1, dtype=np.int16)
    level[inside] = value[place]
    return level


def unit_bounds(outages: Spans, size: int) -> Whole:
    """The bounds of every unit that an outage touches."""
    first, behind = outages.start // size, -(-outages.end // size)
    if not len(first):
        return np.empty(0, dtype=np.int64)
    steps = [
        np.arange(low, high + 1, dtype=np.int64) for low, high in zip(first, behind, strict=True)
    ]
    return np.unique(np.concatenate(steps)) * size


def _has_signals(line: Line, grid: Whole, levels: Level, number: int) -> bool:
    """Whether an exclusion takes any signal away at all (the `if sig` of S6.4)."""
    for index, one in enumerate(line.classes):
        proof = one.proofs[number - 1] if one.proofs else False
        if proof is True and (levels[index] > 0).any():
            return True
        if isinstance(proof, Spans) and ((levels[index] > 0) & proof.covers(grid)).any():
            return True
    return False
