"""Documents inside events: scalars as text, exact figures, and where a fault lies."""

from __future__ import annotations

import pytest

from schemas.instant import FormError
from schemas.strict_json import parse
from schemas.trees import RowsForm, as_tree, pointer_of

TREE = {
    "clocks": [{"id": "first", "targets": [{"severity": "P1", "within": "1h"}]}, {"id": "a.b/c"}],
    "zones": {"period": "UTC"},
    "caps": ["x", "y"],
}


@pytest.mark.parametrize(
    ("path", "at"),
    [
        ("zones.period", "/zones/period"), ("zones", "/zones"), ("", ""),
        ("clocks[first].targets[P1].within", "/clocks/0/targets/0/within"),
        ("clocks[a.b/c]", "/clocks/1"), ("clocks[1]", "/clocks/1"), ("caps[1]", "/caps/1"),
        ("clocks[absent].targets", "/clocks"), ("zones.absent.x", "/zones"), ("caps[7]", "/caps"),
        ("/zones/period", "/zones/period"),
    ],
)  # fmt: skip
def test_a_path_of_terms_becomes_a_json_pointer(path, at):
    assert pointer_of(TREE, path) == at


def test_scalars_of_a_document_are_their_text():
    given = parse(b'{"a": [5, "5", true, -0, {"b": 007}]}'.replace(b"007", b"7"))
    assert as_tree(given) == {"a": ["5", "5", "true", "-0", {"b": "7"}]}
    with pytest.raises(FormError) as fault:
        as_tree(parse(b'{"a": {"x/y": [1, 1.0]}}'))
    assert (fault.value.code, fault.value.at) == ("terms_invalid", "/a/x~1y/1")
    assert fault.value.message.startswith("json-number")


def test_figures_of_rows_stay_exact_and_apart_from_texts():
    form = RowsForm()

    def compared(text):
        return form.compared(form.read(parse(text)))

    assert compared(b'[{"x": 0.250, "n": null}]') == compared(b'[{"x": 0.25}]')
    assert compared(b'[{"x": 0.25}]') != compared(b'[{"x": "0.25"}]')
    assert compared(b'[{"x": 1.0}]') == compared(b'[{"x": 1}]')
    with pytest.raises(FormError) as fault:
        form.read(parse(b'[{"x": 1e400000000}]'))
    assert (fault.value.code, fault.value.at) == ("decimal_form", "/0/x")
