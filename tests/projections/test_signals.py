"""Painting causes, and the sets that signals are made of."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from projections.sweep.painting import FAR, painted
from projections.sweep.spans import Spans, finer, runs
from schemas.instant import Interval, intersect, subtract, union

TEXTS = ("incident", "service", "impact", "customers", "cause", "party", "paint_service")
NUMBERS = ("share_e12", "start_at", "end_at", "paints", "paint_from", "paint_to")


def impacts(*rows: dict[str, object]) -> pa.Table:
    plain = {
        "incident": "i",
        "service": "app",
        "impact": "outage",
        "share_e12": 10**12,
        "paints": 0,
    }
    names = [*((name, pa.string()) for name in TEXTS), *((name, pa.int64()) for name in NUMBERS)]
    return pa.table(
        {name: pa.array([{**plain, **row}.get(name) for row in rows], kind) for name, kind in names}
    )


def strokes(table: pa.Table) -> list[tuple[object, ...]]:
    rows = table.select(["start_at", "end_at", "cause", "party"]).to_pylist()
    return sorted((tuple(row.values()) for row in rows), key=lambda one: one[0])


def test_one_cause_for_a_part_of_the_impact() -> None:
    row = {"start_at": 0, "end_at": 10, "paints": 1, "cause": "upstream", "party": "x"}
    whole = painted(impacts(row), ())
    assert strokes(whole) == [(0, 10, "upstream", "x")]
    part = painted(impacts({**row, "paint_from": 2, "paint_to": 5}), ())
    assert strokes(part) == [(0, 2, None, None), (2, 5, "upstream", "x"), (5, 10, None, None)]
    other = painted(impacts({**row, "paint_service": "db"}), ())
    assert strokes(other) == [(0, 10, None, None)]
    running = painted(impacts({**row, "end_at": None, "paint_from": 4}), ())
    assert strokes(running) == [(0, 4, None, None), (4, FAR, "upstream", "x")]


def test_a_later_cause_paints_over_an_earlier_one() -> None:
    """S7.25."""
    rows = impacts({"start_at": 0, "end_at": 10, "paints": 3})
    told = [
        {"incident": "i", "service": None, "cause": cause, "party": None, "from_at": a, "to_at": b}
        for cause, a, b in (("third_party", None, None), ("provider", 3, 20), ("beta", 2, 4))
    ]
    assert strokes(painted(rows, told)) == [
        (0, 2, "third_party", None), (2, 4, "beta", None), (4, 10, "provider", None),
    ]  # fmt: skip


pairs = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6)


@given(pairs, pairs)
def test_spans_are_the_plain_sets(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    mine, theirs = Spans.of(one), Spans.of(other)
    plain = [union(Interval(*pair) for pair in each) for each in (one, other)]
    assert list(mine.intervals()) == plain[0]
    assert list(mine.both(theirs).intervals()) == intersect(*plain)
    assert list(mine.minus(theirs).intervals()) == subtract(*plain)
    assert list(mine.within(5, 20).intervals()) == intersect(plain[0], [Interval(5, 20)])


def test_a_finer_grid_keeps_the_values_and_adds_zeros_outside() -> None:
    grid = np.array([0, 10, 20], dtype=np.int64)
    wide, (values,) = finer(grid, np.array([-5, 5, 30]), np.array([1, 2]))
    assert wide.tolist() == [-5, 0, 5, 10, 20, 30]
    assert values.tolist() == [0, 1, 1, 2, 0]
    assert runs(wide, values == 1).intervals() == ((0, 10),)
