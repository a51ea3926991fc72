from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.instant import (
    FIRST_INSTANT,
    LAST_INSTANT,
    FormError,
    Interval,
    format_instant,
    intersect,
    length,
    parse_instant,
    subtract,
    union,
)

REFUSED = {
    "time_not_text": [5, True, None, {}, ["2026-10-01T00:00:00Z"]],
    "time_date_only": ["2026-10-01", "2026-13-45"],
    "time_space": ["2026-10-01 09:00:00Z", "2026-10-01 09:00"],
    "time_no_offset": [
        "2026-10-01T09:00:00", "2026-10-01T09:00:00.25", "2026-10-01T09:00:00GMT",
        "2026-10-01T09:00:00+0200", "2026-10-01T09:00:00+02", "2026-10-01T09:00:00[Europe/Paris]",
        "2026-10-01T09:00:00+02:00[Europe/Paris]", "2026-10-01T09:00:00 +02:00",
        "2026-10-01T09:00:00Z ",
    ],
    "time_hour_24": ["2026-10-01T24:00:00Z", "2026-10-01T24:00:00+02:00"],
    "time_second_60": ["2026-12-31T23:59:60Z", "2026-10-01T09:00:60+02:00"],
    "time_form": [
        "", "-", "1790838000", "2026-10-01T09:00Z", "2026-13-01T09:00:00Z", "2026-02-30T09:00:00Z",
        "2026-10-01T25:00:00Z", "2026-10-01T09:61:00Z", "2026-10-01T09:00:61Z", "20261001T090000Z",
        "2026-10-01T09:00:00.Z", "2026-10-01T09:00:00,5Z", "2026-10-01T09:00:00+24:00",
        " 2026-10-01T09:00:00Z", "12026-10-01T09:00:00Z", "٢٠٢٦-10-01T09:00:00Z",
        "2026-10-01T09:00:00+02:60",
    ],
    "time_range": ["0000-01-01T00:00:00Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:30:00-01:00"],
}  # fmt: skip


@pytest.mark.parametrize(("code", "text"), [(c, t) for c, ts in REFUSED.items() for t in ts])
def test_each_fault_of_a_time_has_its_own_code(code, text):
    with pytest.raises(FormError) as fault:
        parse_instant(text)
    assert fault.value.code == code


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-10-01T09:00:00+02:00", "2026-10-01T07:00:00Z"),
        ("2026-10-01t09:00:00.8z", "2026-10-01T09:00:00.8Z"),
        ("2026-10-01T09:00:00-00:00", "2026-10-01T09:00:00Z"),
        ("2026-10-01T09:00:00.1234569Z", "2026-10-01T09:00:00.123456Z"),
        ("2026-10-01T00:00:00+23:59", "2026-09-30T00:01:00Z"),
        ("0000-12-31T23:30:00-01:00", "0001-01-01T00:30:00Z"),
        ("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999Z"),
        ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5Z"),
    ],
)
def test_an_instant_is_shown_in_utc_with_no_needless_decimal(text, shown):
    assert format_instant(parse_instant(text)) == shown


@given(st.integers(FIRST_INSTANT, LAST_INSTANT))
def test_what_is_shown_is_read_back(instant):
    assert parse_instant(format_instant(instant)) == instant


@given(st.integers(FIRST_INSTANT, LAST_INSTANT))
def test_microseconds_agree_with_the_calendar(instant):
    day = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant)
    assert parse_instant(day.isoformat()) == instant


SETS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda t: Interval(*t)))


def _points(intervals):
    return {point for start, end in intervals for point in range(start, end)}


@given(SETS, SETS)
def test_sets_of_intervals_agree_with_sets_of_points(one, other):
    left, right = union(one), union(other)
    assert _points(left) == _points(one)
    assert all(a.end < b.start for a, b in zip(left, left[1:], strict=False))
    assert length(left) == len(_points(one))
    assert _points(intersect(left, right)) == _points(one) & _points(other)
    assert _points(subtract(left, right)) == _points(one) - _points(other)
    assert all(a < b for a, b in [*intersect(left, right), *subtract(left, right)])
