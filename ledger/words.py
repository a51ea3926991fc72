"""Numbers with their nouns, for messages to people."""


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 line`, `2 lines`: a number with its noun; `many` where that is not `one` and an s."""
    return f"{number} {one if number == 1 else many or one + 's'}"
