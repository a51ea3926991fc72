"""The sweep against the literal steps of S6.2 to S6.8, on random streams."""

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.sweep import sweep
from projections.sweep.figures import Figures
from projections.sweep.measured_line import LineStretch
from projections.sweep.plan import Leaf, Line, Node, Plan, Quota, SignalClass, Unit
from projections.sweep.spans import EMPTY, Spans
from schemas.instant import Interval, intersect, length
from tests.projections import literal_steps as literal

END = 120
instants = st.integers(0, END)
intervals = st.tuples(instants, st.integers(1, 30)).map(lambda p: (p[0], p[0] + p[1]))
spans = st.lists(intervals, max_size=3).map(Spans.of)
proofs = st.one_of(st.booleans(), spans)


def trees(leaves):
    leaf = st.integers(0, leaves - 1).map(Leaf)
    return st.recursive(
        leaf,
        lambda inner: st.lists(inner, min_size=1, max_size=3).flatmap(
            lambda of: st.integers(1, len(of) + 1).map(lambda k: Node(k, tuple(of)))
        ),
        max_leaves=5,
    )


@st.composite
def questions(draw, quotas=False, units=False, weighted=False):
    count = draw(st.integers(0, 3))
    leaves = draw(st.integers(1, 3))
    how = draw(
        st.lists(
            st.sampled_from(["counted_as_up", "removed", "removed_window"]),
            min_size=count,
            max_size=count,
        )
    )
    unit = None
    if units:
        unit = Unit(
            draw(st.integers(5, 20)),
            at_least=draw(st.one_of(st.none(), st.integers(0, 10))),
            above=draw(st.one_of(st.none(), st.integers(0, 8))),
        )
    plan = Plan(
        draw(trees(leaves)),
        leaves,
        tuple(f"x{n}" for n in range(count)),
        tuple(how),
        draw(st.sampled_from([0, 0, 3, 8])),
        unit,
        weighted,
    )
    leaf_sets = st.lists(st.integers(0, leaves - 1), max_size=2).map(tuple)
    classes = []
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["impact", "impact", "shared", "upstream"]))
        own = tuple(draw(proofs) for _ in range(count)) if kind != "shared" else ()
        weight = draw(st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(0), Fraction(3, 7)]))
        classes.append(SignalClass(kind, draw(leaf_sets), own, weight))
    pieces = draw(st.lists(st.tuples(intervals, st.integers(0, len(classes) - 1)), max_size=8))
    limited = {}
    if quotas:
        for number in range(1, count + 1):
            if draw(st.booleans()):
                bounds = sorted(draw(st.sets(instants, max_size=2)))
                limited[number] = Quota(draw(st.integers(0, 40)), np.array(bounds, dtype=np.int64))
    column = lambda values: np.array(list(values), dtype=np.int64)  # noqa: E731
    line = Line(
        column(p[0][0] for p in pieces),
        column(p[0][1] for p in pieces),
        column(p[1] for p in pieces),
        tuple(classes),
        tuple(draw(st.one_of(st.just(EMPTY), spans)) for _ in range(count)),
        draw(st.integers(1, 160)),
        draw(st.one_of(st.none(), st.lists(intervals, max_size=6).map(Spans.of))),
        limited,
        Spans.of([draw(intervals), draw(intervals)]) if quotas else EMPTY,
    )
    return plan, line


def cut_to(at, found):
    return [one for one in intersect(sorted(found), [Interval(-1, at)]) if one.start < one.end]


def compare(plan, line, coverage):
    figures = Figures(sweep(plan, line))
    outages, down, taken, proven, left, weights = literal.walk(plan, line)
    assert list(figures.swept.outages.intervals()) == outages
    assert cut_to(line.at, figures.down.intervals()) == cut_to(line.at, down)
    for number, take in enumerate(taken, start=1):
        mine = figures.of_level(figures.swept.level == number).intervals()
        assert cut_to(line.at, mine) == cut_to(line.at, take), number
        assert list(figures.swept.proven[number - 1].intervals()) == proven[number - 1]
    assert cut_to(line.at, figures.left.intervals()) == cut_to(line.at, left)
    if not plan.weighted:
        measured = LineStretch("app", figures, coverage).measured()
        gross, excused, net, time = literal.figures(plan, line, coverage)
        assert (measured.gross, list(measured.excused.values())) == (gross, excused)
        assert (measured.net, measured.denominator) == (net, time)
    return figures, down, left, weights


coverages = st.lists(intervals, min_size=1, max_size=2).map(
    lambda found: tuple(Interval(*one) for one in Spans.of(found).intervals())
)


@given(questions(), coverages)
@settings(max_examples=150, deadline=None)
def test_exact_time(question, coverage):
    compare(*question, coverage)


@given(questions(units=True), coverages)
@settings(max_examples=150, deadline=None)
def test_clock_units(question, coverage):
    compare(*question, coverage)


@given(questions(quotas=True), coverages)
@settings(max_examples=150, deadline=None)
def test_quotas(question, coverage):
    compare(*question, coverage)


@given(questions(quotas=True, units=True), coverages)
@settings(max_examples=150, deadline=None)
def test_quotas_in_units(question, coverage):
    compare(*question, coverage)


@given(questions(weighted=True))
@settings(max_examples=150, deadline=None)
def test_weights(question):
    plan, line = question
    whole = (Interval(-1000, min(line.at, 1000)),)
    figures, _, _, weights = compare(plan, line, whole)
    measured = LineStretch("app", figures, whole).measured()
    assert measured.gross == weights[0]
    assert measured.net == weights[-1]
    assert list(measured.excused.values()) == [a - b for a, b in zip(weights, weights[1:])]


@given(questions(), coverages)
@settings(max_examples=100, deadline=None)
def test_outages_sum_to_net(question, coverage):
    plan, line = question
    stretch = LineStretch("app", Figures(sweep(plan, line)), coverage)
    measured = stretch.measured()
    assert sum(one.net for one in measured.outages) == measured.net
    starts = [one.start for one in measured.outages]
    gone = frozenset(starts[:1])
    after = LineStretch("app", stretch.figures, coverage, False, gone, tuple(starts)).measured()
    assert measured.net - after.net == sum(o.net for o in measured.outages if o.start in gone)
    assert length(stretch.left()) == measured.net
