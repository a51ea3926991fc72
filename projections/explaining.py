"""A credit said line by line, so that it can be checked with a pocket calculator (S10.1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from projections.calendar import local_text
from projections.money import credits as credit_rows
from projections.rows import CreditRow
from projections.sweep import uptime
from schemas import canonical

if TYPE_CHECKING:
    from projections.sweep.measured import LineUptime
    from projections.view import View


def credit_lines(view: View, month: str, subscription: str, credit: str) -> list[str]:
    """The lines that lead to a credit's amount, for each part of a month's periods."""
    measured = [
        each for each in uptime.measured(view, [month]) if each.part.subscription == subscription
    ]
    found: list[str] = []
    for row in credit_rows.rows(view, [month]):
        if (row.subscription, row.credit) == (subscription, credit):
            mine = [m for m in measured if (m.part.period.name, m.part.number) ==
                    (row.period, row.part) and m.service == row.service]  # fmt: skip
            for line in mine[:1]:
                found += _uptime(line)
            found += _money(row)
    return found


def _uptime(line: LineUptime) -> Iterator[str]:
    zone = str(line.part.terms.document.zones.period)
    best = line.best
    for stretch in best.stretches:
        for down in stretch.down():
            length = canonical.seconds(down.end - down.start)
            since, until = local_text(down.start, zone), local_text(down.end, zone)
            yield f"down   {since} to {until}: {length} s"
        for exclusion, taken in best.excused.items():
            if taken:
                shown = canonical.seconds(int(taken))
                yield f"less   {shown} s excused by {exclusion}"
    net, whole = canonical.seconds(int(best.net)), canonical.seconds(int(best.denominator))
    shown = uptime.percent_text(best.uptime)
    yield f"uptime 1 - {net} / {whole} = {shown} % (cut to four decimals, S1.5)"


def _money(row: CreditRow) -> Iterator[str]:
    if row.band is not None:
        edges = " ".join(f"{name.replace('_', ' ')} {value}" for name, value in row.band)
        yield f"row    {edges}"
    yield f"base   {row.base} {row.currency} for the part of {row.period}"
    if row.percent is not None:
        yield (
            f"amount {row.base} x {row.percent} / 100 = {row.amount_before_caps} {row.currency}"
        )
    for cut in row.caps_applied:
        cap = " ".join(f"{name} {value}" for name, value in cut.cap)
        yield f"cap    {cap}: {cut.before} becomes {cut.after}"
    for claim in row.claims:
        timely = "in time" if claim.timely else "late"
        yield f"claim  {claim.claim}, {claim.state}, {timely}"
    yield f"credit {row.amount} {row.currency}, {row.state}"
