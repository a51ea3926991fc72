"""The value types of E4: how each is read, compared (E7), shown and described.

A form is the one declaration of a type. `read` takes what strict_json gives and returns the typed
value or raises FormError with the code of E5; `compared` is what makes two contents the same;
`shown` is the value with its spelling settled; `schema` describes it for JSON Schema. Here are the
base and the plain ones; times stand in forms_time, money in forms_money, lists and objects in
shapes.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from schemas.instant import FormError
from schemas.strict_json import Number

LONGEST_TEXT = 65_536
LARGEST_WHOLE = 9_007_199_254_740_991


class Form(ABC):
    """One value type of E4."""

    name: str
    personal: bool = False
    nested: ClassVar[bool] = False
    """Whether `read` also takes the Walk, since it reads members of its own (shapes.py)."""

    @abstractmethod
    def read(self, raw: Any) -> Any:
        """The typed value; FormError with the code of E5 otherwise."""

    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """What JSON Schema can say of it."""

    compared: Callable[[Any], Any] | None = None
    """The value in content (E7); None where the typed value is that itself."""
    shown: Callable[[Any], Any] | None = None
    """The value as JSON, spelling settled; None where the typed value is that itself."""

    def accept(self, value: Any) -> Any:
        """A Python value for the pydantic model: the same law as for JSON."""
        return self.read(Number(str(value)) if type(value) is int else value)

    def __get_pydantic_core_schema__(
        self, _source: Any, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        shown = self.shown
        return core_schema.no_info_plain_validator_function(
            self.accept,
            serialization=core_schema.plain_serializer_function_ser_schema(shown)
            if shown
            else None,
        )

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return self.schema()


class PatternForm(Form):
    """A text of one regular expression and one code."""

    code: ClassVar[str]
    pattern: ClassVar[re.Pattern[str]]
    hint: ClassVar[str]

    def read(self, raw: Any) -> str:
        if type(raw) is not str or not self.pattern.fullmatch(raw):
            raise FormError(self.code, f"{brief(raw)}: {self.hint}")
        return raw

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^(?:{self.pattern.pattern})$"}


def is_plain(raw: Any, most: int) -> bool:
    """Whether a value is a text of printable characters without white space, not longer."""
    return type(raw) is str and 0 < len(raw) <= most and raw.isprintable() and " " not in raw


def brief(raw: Any) -> str:
    """A found value in a message: short, and never more than its kind where it is large."""
    if isinstance(raw, str):
        return repr(raw if len(raw) <= 64 else raw[:61] + "...")
    if isinstance(raw, Number):
        return f"the number {raw.text[:64]}"
    if isinstance(raw, bool):
        return "the boolean " + ("true" if raw else "false")
    if isinstance(raw, dict):
        return "an object"
    return "a list" if isinstance(raw, list) else type(raw).__name__


class TextForm(Form):
    """Free words for people: 0 to 65,536 characters, any but U+0000."""

    name = "text"

    def __init__(self, *, personal: bool = False) -> None:
        self.personal = personal

    def read(self, raw: Any) -> str:
        if type(raw) is not str:
            raise FormError("member_type", f"{brief(raw)} where text is asked")
        if len(raw) > LONGEST_TEXT:
            raise FormError("text_too_long", f"{len(raw)} characters; at most {LONGEST_TEXT}")
        if "\0" in raw:
            raise FormError("text_control", "U+0000 may not occur in a text")
        return raw

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": LONGEST_TEXT}


class IdForm(PatternForm):
    """1 to 256 characters, no control characters, no white space at either end."""

    name = "id"
    code = "id_form"
    pattern = re.compile(r"[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]{0,254}[^\s\x00-\x1f\x7f])?")
    hint = "an id has 1 to 256 characters, no control characters, no white space at an end"

    def read(self, raw: Any) -> str:
        return raw if is_plain(raw, 256) else super().read(raw)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": 256}


class SourceForm(PatternForm):
    """A URI reference of 1 to 1,024 characters (E1)."""

    name = "source"
    code = "source_form"
    pattern = re.compile(r"[^\s\x00-\x1f\x7f]{1,1024}")
    hint = "a source is a URI reference of 1 to 1,024 characters without white space"

    def read(self, raw: Any) -> str:
        return raw if is_plain(raw, 1024) else super().read(raw)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "uri-reference", "minLength": 1, "maxLength": 1024}


class UriForm(PatternForm):
    """1 to 2,048 characters without white space."""

    name = "URI"
    code = "uri_form"
    pattern = re.compile(r"[^\s\x00]{1,2048}")
    hint = "a URI has 1 to 2,048 characters and no white space"

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": 2048}


class HashForm(PatternForm):
    """SHA-256 in small hexadecimal digits."""

    name = "hash"
    code = "hash_form"
    pattern = re.compile(r"[0-9a-f]{64}")
    hint = "a hash is 64 small hexadecimal digits"


class WordForm(Form):
    """One of the words of the row."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self.words = words
        self._known = frozenset(words)
        self.name = "word " + ", ".join(f"`{word}`" for word in words)

    def read(self, raw: Any) -> str:
        if type(raw) is not str or raw not in self._known:
            raise FormError("word_unknown", f"{brief(raw)} is none of {', '.join(self.words)}")
        return raw

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.words)}


class BoolForm(Form):
    """`true` or `false`."""

    name = "bool"

    def read(self, raw: Any) -> bool:
        if type(raw) is not bool:
            raise FormError("member_type", f"{brief(raw)} where true or false is asked")
        return raw

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


class WholeForm(Form):
    """A JSON number written with digits only, within the range of the row."""

    def __init__(self, least: int = 0, most: int = LARGEST_WHOLE) -> None:
        self.least, self.most = least, most
        self.name = "whole"
        if (least, most) != (0, LARGEST_WHOLE):
            self.name += f" {least} to {most}" if most != LARGEST_WHOLE else f" from {least}"

    def read(self, raw: Any) -> int:
        if type(raw) is not Number or not raw.text.isdigit():
            raise FormError("whole_form", f"{brief(raw)}: a whole number is written in digits only")
        found = int(raw.text) if len(raw.text) < 20 else LARGEST_WHOLE + 1
        if not self.least <= found <= self.most:
            raise FormError("number_range", f"{raw.text[:64]} is not {self.least} to {self.most}")
        return found

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}
