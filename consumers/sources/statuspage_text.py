"""What an entry of a status page's feed says: updates, components, level, cause, or no impact.

The page's own sentences ("Actions is experiencing degraded performance.", "... is operating
normally.", "... reports of degraded availability for Issues and Webhooks") name components
surely; other text only where neither they nor the title name any.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time

from consumers.sources.statuspage_window import nearest

COMPONENTS = {
    "Git Operations": "git-operations", "Webhooks": "webhooks", "API Requests": "api-requests",
    "Issues": "issues", "Pull Requests": "pull-requests", "Actions": "actions",
    "Packages": "packages", "Pages": "pages", "Codespaces": "codespaces", "Copilot": "copilot",
    "Copilot AI Model Providers": "copilot-ai-model-providers",
}  # fmt: skip
"""The page's components and their service ids."""
UNATTRIBUTED = "unattributed"
"""The service of an incident that names no component."""

_UPDATE = re.compile(
    r"<small>\s*(\w{3}) <var data-var='date'>\s*(\d{1,2})</var>,"
    r" <var data-var='time'>(\d\d):(\d\d)</var> UTC</small><br\s*/?>\s*"
    r"<strong>([^<]+)</strong> - (.*?)\s*</p>",
    re.DOTALL,
)
_VAR = r"<var data-var='{}'>\s*([\d:]+)</var>"
_DAY = rf"(\w{{3}}) {_VAR.format('date')}, {_VAR.format('time')}"
_PLANNED = re.compile(
    rf"THIS IS A SCHEDULED EVENT {_DAY}(?: UTC)?\s*(?:&nbsp;)?-(?:&nbsp;)?\s*"
    rf"(?:{_DAY}|{_VAR.format('time')}) UTC"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NAME = "|".join(sorted((re.escape(name) for name in COMPONENTS), key=len, reverse=True))
_NAMED = re.compile(rf"(?<![\w-])(?:{_NAME})(?![\w-])")
# A title "Issues with large runners" is not about the component of that name.
_TITLE_VERB = re.compile(r"^\W*Issues (?:with|[a-z]+ing)\b")
# "Issues" and "Actions" begin ordinary sentences too: in free text only with "GitHub" before.
_NAMED_FREELY = re.compile(
    r"(?<![\w-])(?:Git Operations|Webhooks|Pull Requests|Codespaces|Copilot"
    r"|(?<=GitHub )(?:Actions|Issues|Packages|Pages))(?![\w-])"
)
_HIT = re.compile(
    r"\b(?:is|are) (?:now |currently )?experiencing"
    r"|\breports of (?:degraded|impacted|issues|unavailab)|\bhas been affected"
)
_NORMAL = re.compile(rf"(?<![\w-])({_NAME}) (?:is|are) (?:now )?operating normally", re.IGNORECASE)
_OUTAGE = re.compile(
    r"degraded availability|\boutages?\b|\bunavailab\w+|(?:is|are|was|were) (?:completely )?down\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:prevent|improv\w+|explor\w+|working (?:to|on)|ways to|playbooks?|in the future"
    r"|(?:resolved|during) (?:the|that) outage|outage to be resolved|no (?:data )?outage"
    r"|status[. ]?page|githubstatus\.com)\b",
    re.IGNORECASE,
)
_BECAUSE = re.compile(
    r"\b(?:due to|caused by|cause (?:of|was)|causes? (?:is|were)|because of|triggered by"
    r"|result of|resulted from|stemmed from|attributed to|traced to|led to)\b",
    re.IGNORECASE,
)
_UPSTREAM = re.compile(r"\bupstream (?:\w+[ -]){0,2}(?:provider|error|dependenc|issue|outage|host)"
                       r"|\bmodel (?:provider|partner)", re.IGNORECASE)  # fmt: skip
_THIRD = re.compile(
    r"\bthird[- ]party (?:\w+ )?(?:provider|vendor|service|dependenc|configuration|network)"
    r"|\b(?:cloud|service|external|infrastructure|compute|network|status page|hosting)"
    r" (?:service )?(?:provider|vendor)|\bour (?:vendor|providers)",
    re.IGNORECASE,
)
_NO_IMPACT = re.compile(
    r"there was no (?:customer |user )?impact"
    r"(?: to (?:customers|users|any operational product[\w ]*))?\s*\."
    r"|were not experiencing any (?:outages|disruptions)"
    r"|used to notify for a maintenance event|\bfalse alarm\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Update:
    """One update of an entry: its minute, status and plain text."""

    at: datetime
    status: str
    text: str


def updates(content: str, near: datetime) -> list[Update]:
    """An entry's updates, oldest first; the page leaves the year out, `near` gives it.

    Raises ValueError for a date that no calendar has.
    """
    found = [
        Update(_minute(month, day, f"{hour}:{minute}", near), status.strip(), plain(text))
        for month, day, hour, minute, status, text in _UPDATE.findall(content)
    ]
    found.reverse()  # the feed has the newest first; those of one minute keep their order
    return sorted(found, key=lambda each: each.at)


def planned(content: str, near: datetime) -> tuple[datetime, datetime] | None:
    """The window that a scheduled event is announced for."""
    match = _PLANNED.search(content)
    if match is None:
        return None
    month, day, clock, end_month, end_day, end_clock, end_same = match.groups()
    start = _minute(month, day, clock, near)
    end = _minute(end_month or month, end_day or day, end_clock or end_same, near)
    return (start, end) if start < end else None


def _minute(month: str, day: str, clock: str, near: datetime) -> datetime:
    found = nearest(_MONTHS.index(month) + 1, int(day), near.date())
    return datetime.combine(found, time.fromisoformat(clock), UTC)


def plain(text: str) -> str:
    """Text without its marks, on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


def services(title: str, said: Iterable[Update]) -> list[str]:
    """The service ids that an entry names, or the one for entries that name none."""
    told = list(said)
    names = set(_NAMED.findall(_TITLE_VERB.sub("", title)))
    for sentence in _sentences(told):
        if _HIT.search(sentence) or _NORMAL.search(sentence):
            names.update(_NAMED.findall(sentence))
    if not names:
        names = {name for each in told for name in _NAMED_FREELY.findall(each.text)}
    return sorted(COMPONENTS[name] for name in names) or [UNATTRIBUTED]


def normal_again(said: Iterable[Update]) -> dict[str, datetime]:
    """When each service was last said to operate normally, if nothing worse was said after."""
    found: dict[str, datetime] = {}
    for update in said:
        for sentence in _sentences([update]):
            named = {COMPONENTS[name] for name in _NAMED.findall(sentence)}
            if _NORMAL.search(sentence):
                found.update(dict.fromkeys(named, update.at))
            elif _HIT.search(sentence):
                found = {name: at for name, at in found.items() if name not in named}
    return found


def levels(title: str, said: Iterable[Update], hit: list[str]) -> dict[str, str]:
    """`outage` or `degraded` for each service that is hit."""
    out: set[str] = set()
    for sentence in [title, *_sentences(said)]:
        effect = _BECAUSE.split(sentence)[0]
        if _OUTAGE.search(effect) and not _AHEAD.search(sentence):
            named = {COMPONENTS[name] for name in _NAMED.findall(sentence)} & set(hit)
            out |= named or set(hit)
    return {service: "outage" if service in out else "degraded" for service in hit}


def cause(said: Iterable[Update]) -> tuple[str, datetime] | None:
    """The cause last stated, as a word of the catalogue, and when it was."""
    found = None
    for update in said:
        words = [_cause(each) for each in _sentences([update]) if _BECAUSE.search(each)]
        outside = [word for word in words if word != "provider"]
        if words:
            found = (outside or words)[0], update.at
    return found


def _cause(sentence: str) -> str:
    if _UPSTREAM.search(sentence):
        return "upstream"
    return "third_party" if _THIRD.search(sentence) else "provider"


def no_impact(said: Iterable[Update]) -> bool:
    """Whether the page says in so many words that nobody was hit."""
    return any(_NO_IMPACT.search(each.text) for each in said)


def _sentences(said: Iterable[Update]) -> list[str]:
    return [part for each in said for part in re.split(r"(?<=[.!?])\s+", each.text)]
