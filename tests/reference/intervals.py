"""Sets of instants as sorted lists of half-open intervals (S1.2).

Written anew for the reference, so that a slip in the product's own helpers shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

Span = tuple[int, int]
Spans = list[Span]

FAR = 2**62
"""An end that never comes."""


def tidy(spans: Iterable[Span]) -> Spans:
    """Those that overlap or touch are one; [a, b) is empty unless a < b (S1.2)."""
    result: Spans = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result


def both(one: Sequence[Span], other: Sequence[Span]) -> Spans:
    """The instants in either set that are in the other as well."""
    return tidy((max(a, c), min(b, d)) for a, b in one for c, d in other)


def either(*sets: Iterable[Span]) -> Spans:
    """The instants in at least one of the sets."""
    return tidy(span for spans in sets for span in spans)


def less(one: Sequence[Span], other: Sequence[Span]) -> Spans:
    """The instants of the first set that are not in the second."""
    result = list(one)
    for cut_start, cut_end in other:
        result = [
            piece
            for start, end in result
            for piece in ((start, min(end, cut_start)), (max(start, cut_end), end))
            if piece[0] < piece[1]
        ]
    return tidy(result)


def length(spans: Iterable[Span]) -> int:
    """Microseconds in a tidy set."""
    return sum(end - start for start, end in spans)


def clip(spans: Sequence[Span], start: int, end: int) -> Spans:
    """The part of the set within [start, end)."""
    return both(spans, [(start, end)])


def holds(spans: Iterable[Span], instant: int) -> bool:
    """Is the instant in the set?"""
    return any(start <= instant < end for start, end in spans)


def at_least(needed: int, sets: Sequence[Sequence[Span]]) -> Spans:
    """The instants that lie in so many of the sets (S6.30)."""
    edges = sorted({edge for spans in sets for span in spans for edge in span})
    return tidy(
        (start, end)
        for start, end in zip(edges, edges[1:], strict=False)
        if sum(holds(spans, start) for spans in sets) >= needed
    )


def pieces(edges: Iterable[int], within: Sequence[Span], key: Callable[[int], object]) -> Spans:
    """The set cut at the edges; neighbours for which `key` of their first instant is equal stay one."""
    result: Spans = []
    cuts = sorted(set(edges))
    for start, end in within:
        marks = [start, *(cut for cut in cuts if start < cut < end), end]
        for left, right in zip(marks, marks[1:], strict=False):
            if result and result[-1][1] == left and key(result[-1][0]) == key(left):
                result[-1] = (result[-1][0], right)
            else:
                result.append((left, right))
    return result
