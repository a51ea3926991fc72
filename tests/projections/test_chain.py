from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from projections.chain import ChainError, checked, compose, known_relations, read_relation, relation


def folder(path: Path, **relations: str) -> Path:
    for name, sql in relations.items():
        (path / f"{name}.sql").write_text(sql)
    return path


def test_names_are_tables_and_never_columns() -> None:
    told = relation(
        "r",
        "with own as (select 1 as x) select clock, void.log from fact inner join own on own.x = fact.x"
        " where exists (select 1 from void where void.log = fact.log) and x in (select y from other)",
    )
    assert told.uses == ("fact", "other", "void")


def test_a_recursive_relation_reads_not_itself() -> None:
    told = relation("r", "with recursive w as (select 1 as a union all select a from w, step) select * from w")
    assert told.uses == ("step",)


def test_each_relation_comes_behind_those_it_uses_and_once(tmp_path: Path) -> None:
    where = folder(
        tmp_path, a="select 1 as x", b="select x from a", c="select x + 1 as x from a",
        d="select b.x, c.x as y from b cross join c",
    )  # fmt: skip
    chain = compose("d", folder=where)
    assert re.findall(r"(\w+) as \(", chain.sql) == ["a", "b", "c", "d"]
    assert duckdb.sql(chain.sql).fetchall() == [(1, 2)]


def test_a_given_table_stands_for_the_file_of_its_name(tmp_path: Path) -> None:
    where = folder(tmp_path, a="select $known_at::bigint as x", b="select x from a")
    chain = compose("b", ["a"], folder=where)
    assert (chain.parameters, chain.tables) == (frozenset(), {"a"})
    assert "bigint" not in chain.sql


def test_one_file_may_stand_for_a_name(tmp_path: Path) -> None:
    where = folder(tmp_path, a="select 1 as x", a_small="select 2 as x", b="select x from a")
    assert duckdb.sql(compose("b", folder=where, instead={"a": "a_small"}).sql).fetchall() == [(2,)]


@pytest.mark.parametrize("word", ["materialized", "not materialized"])
def test_a_relation_may_ask_to_be_kept_or_read_anew(tmp_path: Path, word: str) -> None:
    where = folder(tmp_path, a=f"-- Ones.\n-- {word}\nselect 1 as x", b="select x from a")
    assert f"a as {word} (" in compose("b", folder=where).sql


def test_what_cannot_be_composed_is_refused(tmp_path: Path) -> None:
    where = folder(tmp_path, a="select * from b", b="select * from a", c="select * from nowhere")
    with pytest.raises(ChainError, match="ring"):
        compose("a", folder=where)
    with pytest.raises(ChainError, match="nowhere"):
        compose("c", folder=where)
    with pytest.raises(ChainError, match="d"):
        compose("d", folder=where)
    for wrong in ("select 1; select 2", "drop table x", "select from"):
        with pytest.raises(ChainError):
            relation("r", wrong)


def test_a_parameter_is_cast_and_neither_missing_nor_unused(tmp_path: Path) -> None:
    with pytest.raises(ChainError, match="not cast"):
        relation("r", "select * from a where x <= $known_at")
    chain = compose("a", folder=folder(tmp_path, a="select $known_at::bigint as x"))
    assert checked(chain, {"known_at": 1}) == {"known_at": 1}
    with pytest.raises(ChainError, match="missing: known_at"):
        checked(chain, {})
    with pytest.raises(ChainError, match="no relation takes: at"):
        checked(chain, {"known_at": 1, "at": 2})


@pytest.mark.parametrize("path", known_relations().values(), ids=lambda path: path.stem)
def test_a_relation_says_its_meaning_its_grain_and_its_rules(path: Path) -> None:
    told = read_relation(path)
    lines = told.header.splitlines()
    assert lines, "no header"
    assert re.match(r"[A-Z].*", lines[0]), "one sentence of meaning first"
    assert any(line.startswith("Grain: ") for line in lines)
    assert re.search(r"Rules?: ([SELI]\d+(\.\d+[a-z]?)?)", told.header)
    assert told.name not in told.uses


def _given(name: str) -> set[str]:
    """Tables that steps hand in: names that are read and are no files."""
    files, found, todo = known_relations(), set(), [name]
    while todo:
        for each in read_relation(files[todo.pop()]).uses:
            if each in files:
                todo.append(each)
            else:
                found.add(each)
    return found


@pytest.mark.parametrize("name", known_relations())
def test_every_relation_composes(name: str) -> None:
    chain = compose(name, _given(name))
    assert chain.tables <= _given(name)
    assert bool(chain.parameters & {"files", "mirror_files"}) == ("read_parquet" in chain.sql)
