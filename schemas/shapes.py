"""Objects of E4, and how a model of E6 is read in the order that E5 lays down.

A model's fields are its only declaration. From them a Plan is compiled once: the members in the
order of their row. Reading by it makes three passes out of one: members first (a fault is raised
where it is found), what concerns several members and unknown names kept until the members are done.
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Mapping
from functools import cache
from json.encoder import encode_basestring, encode_basestring_ascii
from types import NoneType, UnionType
from typing import Any, ClassVar, Literal, NamedTuple, Self, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema

from schemas.forms import BoolForm, Form, IdForm, WordForm, brief
from schemas.forms_time import Moment
from schemas.instant import FormError
from schemas.strict_json import pointer


class Walk:
    """Where a reader stands in an event, and the first faults of the two later passes."""

    __slots__ = ("path", "several", "subject", "unknown")

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.path: list[str | int] = ["data"]
        self.several: FormError | None = None
        self.unknown: FormError | None = None

    def later(self, fault: FormError) -> None:
        """Keep a fault of several members; the first one counts."""
        if self.several is None:
            fault.at = pointer(self.path) + fault.at
            self.several = fault

    def strange(self, name: str) -> None:
        """Keep an unknown member's fault; the first one counts."""
        if self.unknown is None:
            at = pointer([*self.path, name])
            hint = "no member of its type; what is your own belongs in an extension"
            self.unknown = FormError("member_unknown", f"{brief(name)}: {hint}", at)


class Said(BaseModel):
    """What an event's data says, or an object inside it: frozen, closed, typed by forms."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", validate_by_name=True, validate_by_alias=True,
        use_attribute_docstrings=True,
    )  # fmt: skip

    TYPE: ClassVar[str]
    """The type's text, with its version; a family and an inner object have none."""
    TOPIC: ClassVar[str | None]
    """The topic it belongs to; None where it may stand on every input topic."""
    SUBJECT: ClassVar[str]
    """What the subject names, in words."""

    @classmethod
    def several(cls, said: Mapping[str, Any], _subject: str | None) -> FormError | None:
        """The first fault that concerns several members (E4, ranges): `from` before `to`."""
        for early, late in (("from_", "to"), ("claimed_from", "claimed_to")):
            start, end = said.get(early), said.get(late)
            if start is not None and end is not None and is_reversed(start, end):
                name = late.removesuffix("_")
                return FormError("range_reversed", f"{name} must lie behind its from", f"/{name}")
        return None

    @model_validator(mode="after")
    def _several(self) -> Self:
        fault = self.several(self.__dict__, None)
        if fault is not None:
            raise fault
        return self

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return plan_of(cls).schema()


def is_reversed(start: Any, end: Any) -> bool:
    """Whether `from` is not before `to`; a date and an instant are not compared (E4)."""
    if isinstance(start, Moment) and isinstance(end, Moment):
        if (start.instant is None) != (end.instant is None):
            return False
        return bool(start.value >= end.value)  # type: ignore[operator] # of one kind by now
    return bool(start >= end)


class Member(NamedTuple):
    """One member of a row of E6, ready to be read."""

    name: str
    attribute: str
    required: bool
    default: Any
    read: Callable[..., Any]
    nested: bool
    form: Form
    note: str | None


class Memo(set[str]):
    """Texts that were read as good before; at most so many."""

    MOST: ClassVar[int] = 4096

    def keep(self, text: str) -> str:
        """Remember one."""
        if len(self) >= self.MOST:
            self.clear()
        self.add(text)
        return text


_SORTED = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
_PLAIN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Plan:
    """A model compiled: members in the order of their row."""

    def __init__(self, model: type[Said]) -> None:
        self.model = model
        self.members = tuple(_member(name, info) for name, info in model.model_fields.items())
        self.names = frozenset(member.name for member in self.members)
        self.required = tuple(member.name for member in self.members if member.required)
        self._steps = tuple(member[:6] for member in self.members)
        self._quick = {
            m.name: (m.attribute, m.read, Memo() if isinstance(m.form, IdForm | WordForm) else None)
            for m in self.members
            if not m.nested
        }
        self._template = {m.attribute: m.default for m in self.members}
        self._asked = tuple(m.attribute for m in self.members if m.required)
        rule = any("several" in vars(each) for each in model.__mro__ if each is not Said)
        self._alone = not rule and not {"to", "claimed_to"} & self._template.keys()
        self._compared = tuple((m.name, m.attribute, m.form.compared) for m in self.members)
        self._content = tuple(
            (f'"{m.name}":', m.attribute, m.form.compared)
            for m in sorted(self.members, key=operator.attrgetter("name"))
        )
        self._shown = tuple(
            (m.name, m.attribute, m.form.shown) for m in self.members if not m.form.personal
        )
        self._whole = tuple((m.name, m.attribute, m.form.shown) for m in self.members)
        self._open = tuple(
            (f'"{m.name}":', m.attribute, m.form.shown)
            for m in self.members
            if not m.form.personal
        )

    def quickly(self, raw: dict[str, Any]) -> dict[str, Any] | None:
        """The typed members where nothing is at fault; None where `typed` must look closer.

        Only members that are there are visited, in the order they came.
        """
        said, quick = self._template.copy(), self._quick
        try:
            for name, found in raw.items():
                if found is None:
                    return None
                attribute, read, memo = quick[name]
                if memo is None or type(found) is not str:
                    said[attribute] = read(found)
                elif found in memo:
                    said[attribute] = found
                else:
                    said[attribute] = memo.keep(read(found))
        except (KeyError, FormError):
            return None
        for attribute in self._asked:
            if said[attribute] is None:
                return None
        return said if self._alone else None

    def read(self, raw: dict[str, Any], walk: Walk) -> Said:
        """The typed model; FormError where a member is at fault, the walk's path pointing there."""
        return build(self.model, self.typed(raw, walk))

    def typed(self, raw: dict[str, Any], walk: Walk) -> dict[str, Any]:
        """The typed members by attribute, as `read`; the order of faults is that of E5."""
        said: dict[str, Any] = {}
        get = raw.get
        met = 0
        for name, attribute, required, default, read, nested in self._steps:
            found = get(name)
            if found is None:
                if required:
                    walk.path.append(name)
                    raise FormError("member_missing", f"{name} is required")
                said[attribute] = default
                continue
            met += 1
            if nested:
                walk.path.append(name)
                said[attribute] = read(found, walk)
                walk.path.pop()
                continue
            try:
                said[attribute] = read(found)
            except FormError:
                walk.path.append(name)
                raise
        fault = self.model.several(said, walk.subject)
        if fault is not None:
            walk.later(fault)
        if met != len(raw):
            for name, value in raw.items():
                if value is not None and name not in self.names:
                    walk.strange(name)
                    break
        return said

    def compared(self, said: Said) -> dict[str, Any]:
        """The members that are content, as comparable JSON (E7): absent is null is left out."""
        return self._each(said, self._compared)

    def content_json(self, typed: Mapping[str, Any]) -> str:
        """`compared` of typed members as JSON in ASCII, names sorted."""
        return self._json(typed, self._content, encode_basestring_ascii, _SORTED)

    def open_json(self, typed: Mapping[str, Any]) -> str:
        """`shown` of typed members as JSON. TypeError for exact figures of sealed rows."""
        return self._json(typed, self._open, encode_basestring, _PLAIN)

    @staticmethod
    def _json(
        typed: Mapping[str, Any],
        plan: tuple[tuple[str, str, Callable[[Any], Any] | None], ...],
        quoted: Callable[[str], str],
        encoder: json.JSONEncoder,
    ) -> str:
        parts: list[str] = []
        for name, attribute, spell in plan:
            value = typed[attribute]
            if value is not None:
                value = value if spell is None else spell(value)
                parts.append(name + (quoted if type(value) is str else encoder.encode)(value))
        return "{" + ",".join(parts) + "}"

    def shown(self, said: Said, *, personal: bool = False) -> dict[str, Any]:
        """The members as JSON, defaults written out, those of E9 only where asked."""
        return self._each(said, self._whole if personal else self._shown)

    @staticmethod
    def _each(
        said: Said, plan: tuple[tuple[str, str, Callable[[Any], Any] | None], ...]
    ) -> dict[str, Any]:
        typed = said.__dict__
        made: dict[str, Any] = {}
        for name, attribute, spell in plan:
            value = typed[attribute]
            if value is not None:
                made[name] = value if spell is None else spell(value)
        return made

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the object; a null member is an absent one (E4)."""
        properties: dict[str, Any] = {}
        for member in self.members:
            described = member.form.schema()
            if not member.required:
                described = {"anyOf": [described, {"type": "null"}]}
                if member.default is not None:
                    shown = member.form.shown
                    described["default"] = shown(member.default) if shown else member.default
            if member.note:
                described["description"] = member.note
            properties[member.name] = described
        made: dict[str, Any] = {"type": "object", "properties": properties}
        if self.required:
            made["required"] = list(self.required)
        return made | {"additionalProperties": False}


@cache
def plan_of(model: type[Said]) -> Plan:
    """The compiled plan of a model."""
    return Plan(model)


def build(model: type[Said], said: dict[str, Any]) -> Said:
    """An instance of what was read already: pydantic's own construction without a second check."""
    made = model.__new__(model)
    put = object.__setattr__
    put(made, "__dict__", said)
    put(made, "__pydantic_fields_set__", set(said))
    put(made, "__pydantic_extra__", None)
    put(made, "__pydantic_private__", None)
    return made


def _member(attribute: str, info: FieldInfo) -> Member:
    form = _form_of(info.annotation, info.metadata)
    note = re.sub(r"\s+", " ", info.description) if info.description else None
    required = info.is_required()
    default = None if required else info.default
    name = info.alias or attribute
    return Member(name, attribute, required, default, form.read, form.nested, form, note)


def _form_of(annotation: Any, metadata: list[Any]) -> Form:
    """The form that a field's annotation names: a Form beside it, words, a bool, or a model."""
    for each in metadata:
        if isinstance(each, Form):
            return each
    if isinstance(annotation, type) and issubclass(annotation, Said):
        return ObjectForm(annotation)
    if annotation is bool:
        return BoolForm()
    if get_origin(annotation) is Literal:
        return WordForm(get_args(annotation))
    if get_origin(annotation) in (Union, UnionType):
        (inner,) = (each for each in get_args(annotation) if each is not NoneType)
        return _form_of(inner, [])
    if hasattr(annotation, "__metadata__"):
        return _form_of(annotation.__origin__, list(annotation.__metadata__))
    raise TypeError(f"{annotation!r} names no value type of E4")


class ObjectForm(Form):
    """An object with members of its own."""

    nested: ClassVar[bool] = True

    def __init__(self, model: type[Said]) -> None:
        self.model = model
        self.plan = plan_of(model)
        self.compared = self.plan.compared
        self.shown = self.plan.shown
        self.name = "{" + ", ".join(shown_member(member) for member in self.plan.members) + "}"

    def read(self, raw: Any, walk: Walk | None = None) -> Said:
        if type(raw) is not dict:
            raise FormError("member_type", f"{brief(raw)} where an object is asked")
        return self.plan.read(raw, walk or Walk(""))

    def accept(self, value: Any) -> Said:
        return value if isinstance(value, self.model) else self.model.model_validate(value)

    def schema(self) -> dict[str, Any]:
        return self.plan.schema()


def shown_member(member: Member) -> str:
    """A member as the tables of E6 write it: name, a star where required, its type."""
    return f"`{member.name}`{'*' if member.required else ''} {member.form.name}"
