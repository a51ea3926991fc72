"""Golden bytes: what is hashed never changes (L1)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import frame as frames
from ledger.errors import Refused

OPTIONAL = st.none() | st.binary(max_size=40)
FRAMES = st.builds(
    frames.Frame,
    cluster_id=st.none() | st.text(max_size=10), topic=st.text(min_size=1, max_size=10),
    topic_id=st.none() | st.text(max_size=10), partition=st.integers(0, 2**31),
    offset=st.integers(0, 2**62), timestamp=st.none() | st.integers(-1, 2**60),
    timestamp_type=st.none() | st.integers(0, 1), recorded_at=st.none() | st.integers(0, 2**62),
    key=OPTIONAL, headers=st.lists(st.tuples(st.text(max_size=5), OPTIONAL), max_size=3).map(tuple),
    value=OPTIONAL,
)  # fmt: skip


def _bytes(frame: frames.Frame) -> bytes:
    begin = frames.prefix(frame.cluster_id, frame.topic, frame.topic_id, frame.partition)
    return frames.encode(begin, frame)


def test_the_bytes_of_frame_v1_are_these() -> None:
    frame = frames.Frame("c", "sla.tickets", "id", 3, 7, 1000, 1, None, b"k", (("h", None),), b"v")
    assert _bytes(frame).hex() == (
        "534c460163" "0000000163" "0000000b736c612e7469636b657473" "000000026964"
        "000000080000000000000003" "000000080000000000000007" "0000000800000000000003e8"
        "000000080000000000000001" "ffffffff" "000000016b" "000000080000000000000001"
        "0000000168" "ffffffff" "0000000176"
    )  # fmt: skip


def test_the_leaf_is_the_hash_of_a_zero_byte_and_the_frame() -> None:
    assert frames.leaf(b"").hex() == (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )


@given(FRAMES)
def test_a_frame_comes_back_as_it_was(frame: frames.Frame) -> None:
    assert frames.decode(_bytes(frame)) == frame


@given(FRAMES, FRAMES)
def test_two_entries_never_share_their_bytes(one: frames.Frame, other: frames.Frame) -> None:
    assert (_bytes(one) == _bytes(other)) == (one == other)


def test_absent_and_empty_differ() -> None:
    empty = frames.Frame(None, "t", None, 0, 0, None, None, None, b"", (), b"")
    absent = frames.Frame(None, "t", None, 0, 0, None, None, None, None, (), None)
    assert _bytes(empty) != _bytes(absent)


@pytest.mark.parametrize("damage", [b"XLF\x01c", b"SLF\x02c", b"SLF\x01s"])
def test_a_frame_of_another_kind_is_refused(damage: bytes) -> None:
    good = _bytes(frames.Frame(None, "t", None, 0, 0, None, None, None, None, (), b"v"))
    with pytest.raises(Refused, match="unknown kind"):
        frames.decode(damage + good[5:])


@given(FRAMES, st.data())
def test_a_frame_cut_off_is_refused(frame: frames.Frame, data: st.DataObject) -> None:
    raw = _bytes(frame)
    cut = data.draw(st.integers(0, len(raw) - 1))
    with pytest.raises(Refused):
        frames.decode(raw[:cut])


@given(FRAMES, FRAMES)
def test_a_frame_is_read_behind_its_logs_beginning_and_no_other(one, other) -> None:
    begin = frames.prefix(one.cluster_id, one.topic, one.topic_id, one.partition)
    assert frames.decode_behind(begin, _bytes(one), "f") == one
    if one[:4] != other[:4]:
        with pytest.raises(Refused, match="another log"):
            frames.decode_behind(begin, _bytes(other), "f")
