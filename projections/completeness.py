"""Whether everything came that a source says it has published (E8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from projections import voids
from projections.facts import Fact
from projections.rows import ProblemRow
from schemas.instant import format_instant, parse_instant

if TYPE_CHECKING:
    import numpy.typing as npt

    from projections.view import View

COUNTED = "sla.source.counted.v1"
_Range = tuple[str, str, int, int]


def problems(view: View) -> list[ProblemRow]:
    """Counts whose range is over at `at` and whose figure is not what is known (E8)."""
    last: dict[_Range, Fact] = {}
    for fact in view.facts([COUNTED]):
        start, end = parse_instant(fact.data["from"]), parse_instant(fact.data["to"])
        if end <= view.as_of.at:
            last[fact.subject, fact.topic, start, end] = fact
    times: dict[tuple[str, str], npt.NDArray[np.int64]] = {}
    found = []
    for (source, topic, start, end), fact in last.items():
        if (source, topic) not in times:
            times[source, topic] = _times(view, source, topic)
        first, behind = np.searchsorted(times[source, topic], [start, end])
        known, said = int(behind - first), int(fact.data["count"])
        if known != said:
            over = f"{format_instant(start)}/{format_instant(end)}"
            detail = f"{topic} {over} said {said}, known {known}"
            found.append(ProblemRow("incomplete_source", source, detail, None, (fact.entry,)))
    return sorted(found, key=lambda row: (row.kind, row.subject, row.detail))


def _times(view: View, source: str, topic: str) -> npt.NDArray[np.int64]:
    """The effective times of a source's distinct identities on a topic, sorted."""
    wanted = pa.table({"source": [source], "topic": [topic]})
    tables = {"wanted_source": wanted, "repeated": voids.repeated_places(view)}
    column = view.ask("source_time", tables).column("effective_at")
    times: npt.NDArray[np.int64] = column.to_numpy(zero_copy_only=False)
    return np.sort(times)
