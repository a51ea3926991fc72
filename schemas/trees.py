"""Members that hold documents: contract terms, values of overrides, rows as answered, readings.

Inside terms and overrides a scalar is its source text (E4): `5` and `"5"` are the same. Rows keep
their numbers, exact.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from schemas.form_errors import form_errors
from schemas.forms import Form, IdForm, brief
from schemas.forms_money import plain
from schemas.instant import FormError
from schemas.strict_json import Number, pointer

_STEP = re.compile(r"\[([^\]]*)\]|([^.\[\]]+)")
_DIGITS = re.compile(r"-?[0-9]+")
_EXACT = re.compile(r"-?(?:0|[1-9][0-9]{0,30})(?:\.[0-9]{1,12})?")

Tree = dict[str, Any] | list[Any] | str
"""Objects, lists and texts only: a contract document before its model."""


def as_tree(raw: Any, at: str = "") -> Tree:
    """Scalars as their text; FormError `terms_invalid` for a fraction, an exponent or a null."""
    if type(raw) is str:
        return raw
    if type(raw) is dict:
        return {name: as_tree(value, at + pointer((name,))) for name, value in raw.items()}
    if type(raw) is list:
        return [as_tree(value, f"{at}/{position}") for position, value in enumerate(raw)]
    if type(raw) is bool:
        return "true" if raw else "false"
    text = str(raw) if type(raw) is int else getattr(raw, "text", "")
    if _DIGITS.fullmatch(text):
        return text
    found = "null" if raw is None else brief(raw)
    mend = "leave the member out" if raw is None else "write it as a string"
    raise FormError("terms_invalid", f"json-number: {found} inside terms; {mend}", at)


class ValueForm(Form):
    """Any value that an override puts into a contract."""

    name = "any"

    def read(self, raw: Any) -> Tree:
        return as_tree(raw)

    def accept(self, value: Any) -> Tree:
        return as_tree(value)

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "integer", "boolean", "array", "object"]}


class TermsForm(Form):
    """A whole contract document, free of errors of form (terms.md 5)."""

    name = "object"

    def read(self, raw: Any) -> dict[str, Any]:
        if type(raw) is not dict:
            raise FormError("member_type", f"{brief(raw)} where a contract document is asked")
        tree = {name: as_tree(value, pointer((name,))) for name, value in raw.items()}
        check_terms(tree)
        return tree

    def schema(self) -> dict[str, Any]:
        return {"type": "object"}


def check_terms(tree: dict[str, Any]) -> None:
    """Raise FormError `terms_invalid` for the first error of form in a contract document."""
    fault = form_errors(tree)
    if fault is not None:
        where = f" at {fault.path}" if fault.path else ""
        message = f"{fault.code}{where}: {fault.message}"
        raise FormError("terms_invalid", message, pointer_of(tree, fault.path))


def pointer_of(tree: Tree, path: str) -> str:
    """The JSON Pointer of a path of terms.md 1.6, as far as the document has it."""
    if path.startswith("/"):
        return path
    steps: list[str | int] = []
    place: Any = tree
    for match in _STEP.finditer(path):
        key = match[1] if match[1] is not None else match[2]
        step = _step(place, key)
        if step is None:
            break
        steps.append(step)
        place = place[step]
    return pointer(steps)


def _step(place: Any, key: str) -> str | int | None:
    if isinstance(place, dict):
        return key if key in place else None
    if not isinstance(place, list):
        return None
    for position, element in enumerate(place):
        if isinstance(element, dict) and key in (element.get("id"), element.get("severity")):
            return position
    return int(key) if key.isdecimal() and int(key) < len(place) else None


class RowsForm(Form):
    """Rows of answers, of any length: objects whose numbers stay exact."""

    name = "list of objects"

    def read(self, raw: Any) -> tuple[dict[str, Any], ...]:
        if type(raw) is not list:
            raise FormError("member_type", f"{brief(raw)} where a list is asked")
        for position, row in enumerate(raw):
            if type(row) is not dict:
                raise FormError("member_type", f"{brief(row)} is no row", f"/{position}")
        return tuple(_exact(row, f"/{position}") for position, row in enumerate(raw))

    def accept(self, value: Any) -> tuple[dict[str, Any], ...]:
        return self.read(list(value) if isinstance(value, tuple) else value)

    def compared(self, value: Any) -> Any:
        return _tagged(value)

    def shown(self, value: Any) -> Any:
        return list(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "object"}}


def _exact(raw: Any, at: str) -> Any:
    """Numbers as int where they are whole, else as Decimal."""
    if type(raw) is dict:
        return {name: _exact(value, at + pointer((name,))) for name, value in raw.items()}
    if type(raw) is list:
        return [_exact(value, f"{at}/{position}") for position, value in enumerate(raw)]
    if type(raw) is Number:
        if not _EXACT.fullmatch(raw.text):
            raise FormError("decimal_form", f"{brief(raw)}: a row's figures have no exponent", at)
        number = Decimal(raw.text)
        return int(number) if "." not in plain(number) else number
    return raw


def _tagged(value: Any) -> Any:
    """A tree in which a number cannot be taken for a text."""
    if isinstance(value, dict):
        return {name: _tagged(each) for name, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return ["list", *(_tagged(each) for each in value)]
    if isinstance(value, Decimal):
        return ["number", plain(value)]
    return value


class ReadingsForm(Form):
    """Interpretation id to the option that was chosen."""

    name = "{interpretation: option}"
    _id = IdForm()

    def read(self, raw: Any) -> dict[str, str]:
        if type(raw) is not dict:
            raise FormError("member_type", f"{brief(raw)} where an object is asked")
        made = {}
        for name, option in raw.items():
            if option is None:
                continue
            try:
                made[self._id.read(name)] = self._id.read(option)
            except FormError as fault:
                fault.at = pointer((name,))
                raise
        return made

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": self._id.schema()}
