"""A status page's feed as events: windows, levels, revisions, maintenances, the public file."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from consumers.sources import SOURCES, Asked
from consumers.sources import statuspage_text as page
from consumers.sources.export import lines
from consumers.sources.statuspage_window import windows
from ledger.errors import BadInput
from schemas import envelope
from schemas.envelope import Rejection
from schemas.terms_raw import read_yaml

BEGUN = "2026-04-23T19:50"
WORKING = ("23", "19:50", "Investigating", "We are investigating reports of degraded performance"
           " for Pull Requests")  # fmt: skip
DONE = ("23", "21:43", "Resolved", "This incident has been resolved.")


def block(day: str, at: str, status: str, text: str) -> str:
    return (
        f"<p><small>Apr <var data-var='date'>{day}</var>, <var data-var='time'>{at}</var> UTC"
        f"</small><br><strong>{status}</strong> - {text}</p>"
    )


def seen(
    day: int, *updates: tuple[str, str, str, str], title: str = "Incident", before: str = ""
) -> str:
    """One line of an export; updates oldest first, as the feed does not have them."""
    return json.dumps({
        "observed_at": f"2026-04-{day:02}T06:00:00+00:00",
        "id": "tag:www.example.org,2005:Incident/77", "published": "2026-04-23T21:43:00Z",
        "title": title, "content": before + "".join(block(*each) for each in reversed(updates)),
    })  # fmt: skip


@pytest.fixture
def told(tmp_path: Path) -> Any:
    def of(*observations: str) -> dict[str, dict[str, Any]]:
        path = tmp_path / "feed.jsonl"
        path.write_text("\n".join(observations) + "\n")
        made = list(lines(SOURCES["statuspage"](path, Asked(None, None)), recorded=True))
        for line in made:
            assert not isinstance(envelope.read(line, archive=True), Rejection), line
        events = [json.loads(line) for line in made]
        found = {event["id"]: event for event in events}
        assert len(found) == len(events), "no id twice"
        return found

    return of


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("On April 23, 2026, between 16:05 UTC and 20:43 UTC, it broke.", "23T16:05", "23T20:43"),
        ("Between 16:05 and 20:43 UTC on April 23rd, it broke.", "23T16:05", "23T20:43"),
        ("On 2026-04-23, from 16:05 to 01:24 UTC it broke.", "23T16:05", "24T01:24"),
        ("On April 23, 2026, between 13:35 UTC and 01:24 UTC the following day the service"
         " was degraded.", "23T13:35", "24T01:24"),
        ("From 17:39-18:12 UTC it was down.", "23T17:39", "23T18:12"),
        ("Between 23:30 UTC and 00:10 UTC on April 24, it broke.", "23T23:30", "24T00:10"),
        ("Beginning at 17:30 UTC on April 21st and lasting until 20:30 UTC on April 24th, mail"
         " was late.", "21T17:30", "24T20:30"),
        ("Started between 04/23/2026 19:18 UTC and 04/23/2026 19:50 UTC failed.",
         "23T19:18", "23T19:50"),
        ("On 4/23/2026, between 3:22 AM and 7:12 PM UTC, it broke.", "23T03:22", "23T19:12"),
        ("On April 23rd, between 00:42:10 UTC and 02:29:59 UTC it broke.", "23T00:42", "23T02:29"),
    ],
)  # fmt: skip
def test_a_window_with_its_dates(text: str, start: str, end: str) -> None:
    (found,) = windows(text, at(BEGUN), at("2026-04-23T21:43"))
    assert (found.start, found.end) == (at(f"2026-04-{start}"), at(f"2026-04-{end}"))


@pytest.mark.parametrize(
    "text",
    [
        "On January 23, 2026, between 16:05 UTC and 20:43 UTC, it broke.",
        "On April 23, 2025, between 16:05 UTC and 20:43 UTC, it broke.",
        "Between 16:05 and 20:43 PST it broke.",
        "On April 23, 2026, between 20:43 UTC and 20:43 UTC, it broke.",
        "On April 31, 2026, between 16:05 UTC and 20:43 UTC, it broke.",
        "Between 5 and 20 requests failed, says UTC.",
    ],
)
def test_what_is_no_window_or_has_a_slip_in_its_date(text: str) -> None:
    assert windows(text, at(BEGUN), at("2026-04-23T21:43")) == []


def test_a_second_window_only_where_the_text_goes_on_with_again() -> None:
    text = "On April 22, 2026, between 01:05 UTC and 02:52 UTC, {} between 00:42 UTC and 01:58 UTC."
    again = windows(text.format("and again on April 23, 2026,"), at("2026-04-22T20:00"), at(BEGUN))
    assert [each.start.day for each in again] == [22, 23]
    rolled_back = windows(text.format("and rolled back"), at("2026-04-22T20:00"), at(BEGUN))
    assert [each.start.day for each in rolled_back] == [22]


def test_a_post_mortem_moves_the_impact_by_corrections(told: Any) -> None:
    first = seen(24, WORKING, DONE, title="Incident with Pull Requests")
    story = ("23", "21:43", "Resolved", "On April 23, 2026, between 16:05 UTC and 22:00 UTC, merges"
             " failed. This was due to an outage of an upstream provider.")  # fmt: skip
    second = seen(26, WORKING, story, title="Incident with Pull Requests")
    found = told(first, second, second)
    name = "77/impact/pull-requests"
    assert found[f"{name}/started"]["time"] == "2026-04-23T19:50:00Z"
    assert found[f"{name}/started"]["data"] == {"service": "pull-requests", "impact": "degraded"}
    moved = found[f"{name}/started/2"]
    assert (moved["time"], moved["corrects"]) == ("2026-04-23T16:05:00Z", f"{name}/started")
    assert moved["recordedtime"] == "2026-04-26T06:00:00Z"
    assert found[f"{name}/ended/2"]["time"] == "2026-04-23T22:00:00Z"
    assert found["77/resolved/2"]["time"] == "2026-04-23T22:00:00Z", "it ends every open impact"
    assert found["77/cause"]["data"] == {"cause": "upstream"}
    assert sum(event["recordedtime"] > "2026-04-25" for event in found.values()) == 4


def test_what_is_no_longer_said_is_retracted_with_its_corrections(told: Any) -> None:
    nothing = ("23", "21:43", "Resolved", "There was no impact to customers.")
    later = ("23", "21:50", "Resolved", "This incident has been resolved.")
    found = told(seen(24, WORKING, DONE), seen(25, WORKING, later), seen(26, WORKING, nothing))
    ended = "77/impact/pull-requests/ended"
    assert found[f"{ended}/2"]["corrects"] == ended
    assert found[f"{ended}/2/retracted"]["subject"] == f"{ended}/2"
    assert found[f"{ended}/retracted"]["data"]["source"] == "/statuspage/www.example.org"
    assert "77/impact/pull-requests/started/retracted" in found
    assert "77/declared/retracted" not in found
    again = told(seen(24, WORKING, DONE), seen(25, WORKING, nothing), seen(26, WORKING, DONE))
    assert "corrects" not in again[f"{ended}/2"], "its target is out for good"


@pytest.mark.parametrize(
    ("text", "impact"),
    [
        ("Actions is experiencing degraded availability.", "outage"),
        ("Merges are unavailable.", "outage"),
        ("Actions was slow due to an outage in a database.", "degraded"),
        ("We are working on tests to prevent an outage of Actions.", "degraded"),
        ("Actions is experiencing degraded performance.", "degraded"),
    ],
)
def test_the_level_from_the_wording(told: Any, text: str, impact: str) -> None:
    found = told(seen(24, ("23", "19:50", "Update", text), DONE, title="Incident with Actions"))
    assert found["77/impact/actions/started"]["data"]["impact"] == impact


def test_only_the_component_that_is_named_is_out(told: Any) -> None:
    worse = ("23", "19:55", "Update", "Issues is experiencing degraded availability.")
    found = told(seen(24, WORKING, worse, DONE))
    assert found["77/impact/issues/started"]["data"]["impact"] == "outage"
    assert found["77/impact/pull-requests/started"]["data"]["impact"] == "degraded"


def test_each_component_ends_where_it_is_normal_again(told: Any) -> None:
    normal = ("23", "20:30", "Update", "Pull Requests is operating normally.")
    found = told(seen(24, WORKING, normal, DONE, title="Incident with Issues and Pull Requests"))
    assert found["77/impact/pull-requests/ended"]["time"] == "2026-04-23T20:30:00Z"
    assert found["77/impact/issues/ended"]["time"] == "2026-04-23T21:43:00Z"


def test_no_component_no_length_and_no_end(told: Any) -> None:
    vague = ("23", "19:50", "Investigating", "We are having issues with some requests.")
    found = told(seen(24, vague))
    assert found["77/impact/unattributed/started"]["data"]["service"] == "unattributed"
    assert "77/impact/unattributed/ended" not in found
    found = told(seen(24, vague, ("23", "19:50", "Resolved", "Posted late.")))
    assert not any("impact" in name for name in found)
    assert found["77/resolved"]["time"] == "2026-04-23T19:50:00Z"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("This was due to a configuration change.", "provider"),
        ("This was caused by our cloud provider.", "third_party"),
        ("This is due to an issue with an upstream model provider.", "upstream"),
        ("We are working with our service provider.", None),
    ],
)
def test_the_cause_where_it_is_stated(text: str, cause: str | None) -> None:
    found = page.cause([page.Update(at(BEGUN), "Update", text)])
    assert (found and found[0]) == cause


@pytest.mark.parametrize(
    ("text", "none"),
    [
        ("There was no impact to any operational product or service area.", True),
        ("Our systems were not experiencing any outages or disruptions.", True),
        ("There was no customer impact until 17:31 UTC.", False),
        ("There was no impact to customers in other regions.", False),
        ("There was no impact to the Audit Log API.", False),
    ],
)
def test_no_impact_in_so_many_words(text: str, none: bool) -> None:
    assert page.no_impact([page.Update(at(BEGUN), "Resolved", text)]) is none


def test_a_maintenance_runs_from_in_progress_to_completed(told: Any) -> None:
    planned = ("20", "10:00", "Scheduled", "Codespaces will be undergoing maintenance.")
    begun = ("21", "16:30", "In progress", "In progress.")
    done = ("22", "15:00", "Completed", "Completed.")
    window = ("<p><strong>THIS IS A SCHEDULED EVENT Apr <var data-var='date'>21</var>,"
              " <var data-var='time'>16:30</var> UTC &nbsp;-&nbsp; Apr <var data-var='date'>22"
              "</var>, <var data-var='time'>16:30</var> UTC</strong></p>")  # fmt: skip
    title = "Codespaces maintenance"
    seens = [
        seen(20, planned, title=title, before=window),
        seen(22, planned, begun, title=title),
        seen(23, planned, begun, done, title=title),
    ]
    found = told(*seens)
    assert set(found) == {"77/announced", "77/started", "77/announced/2", "77/finished"}
    said = found["77/announced"]
    assert (said["time"], said["data"]["services"]) == ("2026-04-20T10:00:00Z", ["codespaces"])
    assert said["data"]["window"]["to"] == "2026-04-22T16:30:00Z"
    assert found["77/announced/2"]["data"]["window"]["to"] == "2026-04-22T15:00:00Z"
    assert told(seens[1]) == {}, "nothing of a maintenance that was not announced"


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "x"}', seen(24, ("40", "19:50", "Update", "x"))])
def test_a_line_that_is_no_observation_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    path.write_text(seen(24, WORKING) + "\n" + line + "\n")
    with pytest.raises(BadInput, match="line 2"):
        list(SOURCES["statuspage"](path, Asked(None, None)))


@pytest.fixture(scope="module")
def feed(data_dir: Path) -> Path:
    path = data_dir / "github-status" / "github_status_atom_observations.jsonl.gz"
    if not path.exists():
        pytest.skip("no observations of a status page")
    return path


def test_every_event_of_the_public_feed_is_valid(feed: Path) -> None:
    made = list(lines(SOURCES["statuspage"](feed, Asked(None, None)), recorded=True))
    read = [envelope.read(line, archive=True) for line in made]
    assert not [each for each in read if isinstance(each, Rejection)]
    assert len({each.identity for each in read if not isinstance(each, Rejection)}) == len(made)
    kinds = Counter(json.loads(line)["type"] for line in made)
    assert kinds["sla.maintenance.started.v1"] == 18
    assert kinds["sla.incident.declared.v1"] >= 801


def test_windows_agree_with_the_feed_as_others_parsed_it(feed: Path) -> None:
    """160 of 163; the other three have a wrong year or month in their text."""
    apart = []
    with gzip.open(feed.with_name("mrshu_incidents.jsonl.gz"), "rt") as parsed:
        given = [found for found in map(json.loads, parsed) if found["impact_window"]]
    for found in given:
        window = found["impact_window"]
        theirs = [(moment(window["start_at"]), moment(window["end_at"]))]
        ours = windows(found["updates"][-1]["message"], moment(found["started_at"]),
                       moment(found["resolved_at"]))  # fmt: skip
        if [(each.start, each.end) for each in ours[:1]] != theirs:
            apart.append(found["id"])
    assert len(given) == 163
    assert sorted(apart) == ["28456612", "31199495", "31200202"]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_the_example_archive_says_what_the_example_files_say() -> None:
    folder = Path(__file__).parents[2] / "docs" / "examples"
    contract, started = map(
        json.loads, (folder / "github-agreements.jsonl").read_text().splitlines()
    )
    written = read_yaml((folder / "github-monthly.yaml").read_bytes())
    assert contract["data"]["terms"] == written.tree
    subscription = json.loads((folder / "github-subscription.jsonl").read_text())
    assert started.pop("recordedtime") == "2022-01-01T00:00:00Z"
    assert started == subscription
