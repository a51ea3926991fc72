"""How a plain model of terms is read: where one stands, what is wrong there, members by name.

A model is a frozen dataclass; each field carries the reader of its member. Faults are gathered, not
raised one by one, since the linter names them all. Paths are those of the document as written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, TypeVar

from schemas.terms_meant import closest, nearest
from schemas.terms_shapes import Drawing, Schema, list_of, one_of, shaped

Steps = tuple[str | int, ...]
T = TypeVar("T")


class TermsError(Exception):
    """One error of form (terms.md 5): its code, its place, what is wrong, how to mend it.

    `path` is written by terms.md 1.6, `steps` lead to the same place (or to the nearest value
    that is there) in the raw tree.
    """

    def __init__(self, code: str, path: str, message: str, fix: str, steps: Steps = ()) -> None:
        super().__init__(f"{code} {path}: {message}")
        self.code, self.path, self.message, self.fix = code, path, message, fix
        self.steps = steps


class Where:
    """What one reading of a document shares: faults, names, and where plain values come from.

    `live` are the ids that the plan has, `written` those of the document, both by kind of
    element. `origins` lead from plain places to those of the document as written.
    """

    def __init__(
        self,
        tree: Any,
        origins: Mapping[Steps, Steps],
        live: Mapping[str, Collection[str]],
        written: Mapping[str, Collection[str]],
    ) -> None:
        self.tree, self.origins, self.live, self.written = tree, origins, live, written
        self.errors: list[TermsError] = []
        self.refused: list[Steps] = []

    def origin(self, steps: Steps) -> Steps:
        """The place as written of a plain one, or of one that is missing in it."""
        beyond: Steps = ()
        while steps and steps not in self.origins:
            steps, beyond = steps[:-1], (steps[-1], *beyond)
        return self.origins.get(steps, ()) + beyond


@dataclass(frozen=True, slots=True)
class At:
    """A place in the plain document."""

    where: Where
    steps: Steps = ()

    def down(self, step: str | int) -> At:
        """The place of a member or an element."""
        return At(self.where, (*self.steps, step))

    def report(self, code: str, message: str, fix: str) -> None:
        """Note a fault here."""
        steps = self.where.origin(self.steps)
        self.where.errors.append(
            TermsError(code, path_text(self.where.tree, steps), message, fix, steps)
        )

    def wrong(self, raw: Any, asked: str, fix: str | None = None) -> None:
        """Note a value of another type, or a word that is not listed."""
        message = f"{shown(raw)} where {asked} is asked"
        self.report("wrong-value", message, fix or f"write {asked}")

    def missing(self, name: str, fix: str = "") -> None:
        """Note a required member that is not there."""
        fix = fix or f"write `{name}`, or a reading"
        place = self if " " in name else self.down(name)  # one of several has no place of its own
        place.report("missing-member", f"`{name}` is required here", fix)

    def refuse(self, name: str) -> None:
        """Note a member that a matrix refuses: it has no effect (1.7)."""
        self.where.refused.append(self.where.origin((*self.steps, name)))


Reader = Callable[[Any, At], Any]


def shown(raw: Any) -> str:
    """A value in a message, short."""
    if isinstance(raw, str):
        return repr(raw if len(raw) <= 64 else raw[:61] + "...")
    return "a mapping" if isinstance(raw, Mapping) else "a list"


def path_text(tree: Any, steps: Iterable[str | int]) -> str:
    """A path of terms.md 1.6 to a place of a raw tree."""
    text, place = "", tree
    for step in steps:
        if isinstance(step, int):
            text += f"[{_key(place, step)}]"
        elif "." in step or "[" in step or "]" in step:
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
        place = _inside(place, step)
    return text


def _inside(place: Any, step: str | int) -> Any:
    if isinstance(place, dict):
        return place.get(step)
    if isinstance(place, list) and isinstance(step, int) and step < len(place):
        return place[step]
    return None


def _key(several: Any, position: int) -> str:
    """The id or severity of an element where it names this one alone, else its number."""
    if not isinstance(several, list):
        return str(position)
    for name in ("id", "severity"):
        keys = [each.get(name) if isinstance(each, dict) else None for each in several]
        key = keys[position] if position < len(keys) else None
        if isinstance(key, str) and keys.count(key) == 1 and "]" not in key:
            return key
    return str(position)


def need(reader: Reader) -> Any:
    """A field whose member is required."""
    return field(default=None, metadata={"reader": reader, "need": True})


def may(reader: Reader, default: str | None = None, **kept: Any) -> Any:
    """A field whose member may be left out; what is said then stands in the metadata.

    The field itself stays None, so that what is written and what is not can be told apart.
    """
    return field(default=kept.get("empty"), metadata={"reader": reader, "default": default})


@cache
def members(model: type) -> dict[str, tuple[str, Reader, bool]]:
    """The members of a model by their name in terms.md: field, reader, whether required."""
    return {
        each.name.rstrip("_"): (
            each.name,
            each.metadata["reader"],
            bool(each.metadata.get("need")),
        )
        for each in fields(model)
        if "reader" in each.metadata
    }


def part(
    model: Callable[..., T],
    check: Callable[[T, At], T] | None = None,
    *rules: Schema,
    title: str = "",
    of: Reader | None = None,
) -> Reader:
    """The reader of a mapping into a model; `check` sees the whole and may drop members.

    `rules` say in JSON Schema what `check` asks of the members together. Members that are read
    with the whole are of the type `of`; the model goes by another `title` with them.
    """
    title = title or model.__name__

    @shaped(lambda draw: draw.part(title, lambda own: _drawn(own, model, rules, of)))
    def read(raw: Any, at: At) -> T | None:
        known = members(model)
        if not isinstance(raw, dict):
            asked = [name for name, (_, _, required) in known.items() if required] or list(known)
            at.wrong(raw, "a mapping", f"write a mapping of {', '.join(asked)}")
            return None
        values: dict[str, Any] = {}
        for name, value in raw.items():
            if name not in known:
                fix = nearest(name, known)
                at.down(name).report("unknown-member", f"`{name}` is no member here", fix)
                continue
            label, reader, _ = known[name]
            values[label] = reader(value, at.down(name))
        for name, (_, _, required) in known.items():
            if required and name not in raw:
                at.missing(name)
        made = model(**values)
        return check(made, at) if check else made

    return read


def unread(raw: Any, _at: At) -> Any:
    """A value whose type another member tells; it is read with the whole."""
    return raw


def _drawn(draw: Drawing, model: Any, rules: Iterable[Schema], of: Reader | None) -> Schema:
    """The schema of a model: its docstring, its members, what is asked of them together."""
    known = members(model)
    properties: Schema = {}
    for name, (_, reader, _) in known.items():
        drawn = of if reader is unread and of is not None else reader
        properties[name] = draw.member(name).place(drawn, "properties", name)
    return {
        "title": model.__name__,
        "description": (model.__doc__ or "").split("\n\n")[0],
        "type": "object",
        "properties": properties,
        "required": [name for name, (_, _, required) in known.items() if required],
        "additionalProperties": False,
    } | ({"allOf": list(rules)} if rules else {})


def listed(reader: Reader) -> Reader:
    """The reader of a list."""

    @shaped(list_of(reader))
    def read(raw: Any, at: At) -> tuple[Any, ...] | None:
        if not isinstance(raw, list):
            at.wrong(raw, "a list", f"write [{raw}]" if isinstance(raw, str) else None)
            return None
        found = [reader(each, at.down(place)) for place, each in enumerate(raw)]
        return tuple(each for each in found if each is not None)

    return read


def elements(reader: Reader) -> Reader:
    """The reader of a list whose elements have ids, each once."""
    read_list = listed(reader)

    @shaped(list_of(reader))
    def read(raw: Any, at: At) -> Any:
        found = read_list(raw, at)
        unique(raw, at)
        return found

    return read


def unique(raw: Any, at: At, seen: Collection[str] = ()) -> None:
    """Note every id that came before."""
    known = set(seen)
    for place, each in enumerate(raw if isinstance(raw, list) else ()):
        name = each.get("id") if isinstance(each, dict) else None
        if isinstance(name, str):
            if name in known:
                here = at.down(place).down("id")
                here.report("duplicate-id", f"the id `{name}` is used twice", "rename one")
            known.add(name)


def word_or(words: Collection[str], reader: Reader, asked: str) -> Reader:
    """The reader of one of some words, or of something that is no text."""

    @shaped(one_of(reader, *words))
    def read(raw: Any, at: At) -> Any:
        if not isinstance(raw, str):
            return reader(raw, at)
        if raw in words:
            return raw
        close = closest(raw, words)
        at.wrong(raw, asked, f"perhaps `{close}`" if close else None)
        return None

    return read


def exactly_one(made: Any, at: At, names: Collection[str]) -> str | None:
    """The one of some members that is there; a fault where it is none or several."""
    found = [name for name in names if getattr(made, name) is not None]
    told = [name for name in names if (*at.steps, name) in at.where.origins]
    if len(told) > 1:
        several = " and ".join(f"`{name}`" for name in told)
        at.report("wrong-value", f"{several} stand together", f"keep one of {', '.join(names)}")
    elif not told:
        at.missing(" or ".join(names), "write one of " + ", ".join(names))
    return found[0] if len(found) == 1 and len(told) == 1 else None
