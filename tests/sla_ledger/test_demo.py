"""The walk through a small ledger, as it stands in a file."""

import io

from rich.console import Console

from sla_ledger.demo import walk

NOW = 1_780_000_000_000_000


def test_no_line_ends_in_spaces_and_prose_keeps_to_its_width():
    held = io.StringIO()
    walk(Console(file=held, width=240, highlight=False), lambda: NOW)
    lines = held.getvalue().split("\n")
    assert "1. Was every ticket answered in time?" in lines
    assert [line for line in lines if line != line.rstrip()] == []
    prose = lines[1 : lines.index("1. Was every ticket answered in time?")]
    assert max(map(len, prose)) <= 100
