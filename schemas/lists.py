"""Lists of E4, and the one list whose elements are ids or objects (`services`, E6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from schemas.forms import Form, IdForm, brief
from schemas.instant import FormError
from schemas.shapes import ObjectForm, Said, Walk

LONGEST_LIST = 10_000


class IdOr(Form):
    """An id, or an object in its place (a resource of the customer's own)."""

    nested: ClassVar[bool] = True

    def __init__(self, model: type[Said]) -> None:
        self._id = IdForm()
        self._object = ObjectForm(model)
        self.name = f"id or {self._object.name}"

    def read(self, raw: Any, walk: Walk | None = None) -> Any:
        return self._object.read(raw, walk) if type(raw) is dict else self._id.read(raw)

    def accept(self, value: Any) -> Any:
        return self._id.accept(value) if isinstance(value, str) else self._object.accept(value)

    def compared(self, value: Any) -> Any:
        return value if isinstance(value, str) else self._object.plan.compared(value)

    def shown(self, value: Any) -> Any:
        return value if isinstance(value, str) else self._object.plan.shown(value)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [self._id.schema(), self._object.schema()]}


class ListForm(Form):
    """A list of one type, at most 10,000; its order is content even where it has no effect."""

    nested: ClassVar[bool] = True

    def __init__(self, of: Form, *, least: int = 0, personal: bool = False) -> None:
        self.of, self.least = of, least
        self.personal = personal or of.personal
        self.name = f"list of {of.name}" + (" (at least one)" if least else "")
        self.compared = _for_each(of.compared)
        self.shown = _for_each(of.shown)

    def read(self, raw: Any, walk: Walk | None = None) -> tuple[Any, ...]:
        if type(raw) is not list:
            raise FormError("member_type", f"{brief(raw)} where a list is asked")
        self._measure(len(raw))
        walk = walk or Walk("")
        made = []
        read: Callable[..., Any] = self.of.read
        nested = self.of.nested
        for position, each in enumerate(raw):
            walk.path.append(position)
            made.append(read(each, walk) if nested else read(each))
            walk.path.pop()
        return tuple(made)

    def _measure(self, size: int) -> None:
        if size < self.least:
            raise FormError("list_empty", "at least one element is asked")
        if size > LONGEST_LIST:
            raise FormError("list_too_long", f"{size} elements; at most {LONGEST_LIST}")

    def accept(self, value: Any) -> tuple[Any, ...]:
        if not isinstance(value, tuple | list):
            raise FormError("member_type", f"{brief(value)} where a list is asked")
        self._measure(len(value))
        return tuple(self.of.accept(each) for each in value)

    def schema(self) -> dict[str, Any]:
        most = {"maxItems": LONGEST_LIST}
        made = {"type": "array", "items": self.of.schema()} | most
        return made | {"minItems": self.least} if self.least else made


def _for_each(spell: Callable[[Any], Any] | None) -> Callable[[Any], list[Any]]:
    return list if spell is None else lambda values: [spell(value) for value in values]
