"""Relations composed into one question: a chain of CTEs, each file asked for once.

A relation is one `select` in one file over the bare names of other relations. The names are read
from DuckDB's own parser, so a column that is named like a relation is never taken for one. What is
handed in as a table stands in for the file of that name: that is how a step of Python joins the
chain, and how a test or a person supplies the inputs of one relation.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

FOLDER = Path(__file__).parent / "relations"
MARKS = {"-- materialized": "materialized ", "-- not materialized": "not materialized "}
"""A header line for a relation that shall be kept for the question, or read anew at each use.

Without one DuckDB keeps what is used more than once. Reading anew is right at the bottom, where
each use takes a few columns and the rows that its own filter leaves.
"""


class ChainError(ValueError):
    """A relation that cannot be composed or asked: what is missing, unused or uncast."""


@dataclass(frozen=True, slots=True)
class Relation:
    """One file: its text, the bare names it reads, the parameters it takes."""

    name: str
    sql: str
    uses: tuple[str, ...]
    parameters: frozenset[str]
    mark: str

    @property
    def header(self) -> str:
        """Its comment: one sentence of meaning, the grain, the rules."""
        lines = self.sql.splitlines()
        return "\n".join(line[2:].strip() for line in lines if line.startswith("--"))


@dataclass(frozen=True, slots=True)
class Chain:
    """A question ready to be asked: its text, its parameters, the tables it must be given."""

    sql: str
    parameters: frozenset[str]
    tables: frozenset[str]


@lru_cache(maxsize=8)
def known_relations(folder: Path = FOLDER) -> dict[str, Path]:
    """Every relation by name."""
    return {path.stem: path for path in sorted(folder.glob("*.sql"))}


@lru_cache(maxsize=512)
def read_relation(path: Path) -> Relation:
    """Read a relation's file. Raises ChainError where it is not one select."""
    sql = path.read_text(encoding="utf-8").strip()
    return relation(path.stem, sql)


@lru_cache(maxsize=512)
def relation(name: str, sql: str) -> Relation:
    """A relation from its text."""
    with _parser().cursor() as cursor:
        asked = cursor.execute("select json_serialize_sql($sql::varchar)", {"sql": sql})
        ((serialized,),) = asked.fetchall()
    tree = json.loads(serialized)
    if tree.get("error") or len(tree.get("statements", ())) != 1:
        raise ChainError(f"{name}: {tree.get('error_message', 'not one select')}")
    read = _Read(name)
    read.walk(tree, cast=False)
    uses = tuple(sorted(read.names - read.own))
    mark = next((MARKS[line] for line in sql.splitlines() if line in MARKS), "")
    return Relation(name, sql, uses, frozenset(read.parameters), mark)


@lru_cache(maxsize=1)
def _parser() -> duckdb.DuckDBPyConnection:
    """A database without tables, for its parser; apart from the default one, which is anybody's."""
    return duckdb.connect()


class _Read:
    """What one parse tree names: tables, CTEs of its own, parameters and whether they are cast."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.names: set[str] = set()
        self.own: set[str] = set()
        self.parameters: set[str] = set()

    def walk(self, node: Any, *, cast: bool) -> None:
        if isinstance(node, list):
            for each in node:
                self.walk(each, cast=False)
            return
        if not isinstance(node, dict):
            return
        kind = node.get("class") or node.get("type")
        if node.get("type") == "BASE_TABLE" and not node.get("schema_name"):
            self.names.add(node["table_name"])
        if kind == "PARAMETER":
            if not cast:
                raise ChainError(f"{self.name}: ${node['identifier']} is not cast")
            self.parameters.add(node["identifier"])
        ctes = node.get("cte_map")
        if isinstance(ctes, dict):
            self.own.update(each["key"] for each in ctes.get("map", ()))
        for member in node.values():
            self.walk(member, cast=kind == "CAST")


def compose(
    asked: str,
    tables: Collection[str] = (),
    *,
    folder: Path = FOLDER,
    instead: Mapping[str, str] | None = None,
) -> Chain:
    """The chain that answers one relation.

    `tables` are names that are handed in and not looked up as files; `instead` says which file
    stands for a name. Raises ChainError for a name that is neither, and for a ring of relations.
    """
    files, given = known_relations(folder), frozenset(tables)
    stands = instead or {}
    ordered: dict[str, Relation] = {}
    needed: set[str] = set()
    for name in _in_order(asked, given, files, stands, needed):
        ordered[name] = read_relation(files[stands.get(name, name)])
    parameters = frozenset().union(*(each.parameters for each in ordered.values()))
    parts = [f"{name} as {each.mark}(\n{each.sql}\n)" for name, each in ordered.items()]
    sql = f"select * from {asked}"  # noqa: S608 - the name of a file or of a table that is given
    if parts:
        sql = "with " + ",\n".join(parts) + "\n" + sql
    return Chain(sql, parameters, frozenset(needed))


def _in_order(
    asked: str,
    given: frozenset[str],
    files: Mapping[str, Path],
    stands: Mapping[str, str],
    needed: set[str],
) -> Iterator[str]:
    """Relations, each behind those it uses; names that are given go to `needed`."""
    done: set[str] = set()
    open_names: list[str] = []

    def visit(name: str, used_by: str) -> Iterator[str]:
        if name in given:
            needed.add(name)
            return
        if name in done:
            return
        if name in open_names:
            raise ChainError(f"a ring of relations: {' -> '.join([*open_names, name])}")
        path = files.get(stands.get(name, name))
        if path is None:
            raise ChainError(f"{used_by} reads {name}, which is neither a relation nor given")
        open_names.append(name)
        for each in read_relation(path).uses:
            yield from visit(each, name)
        open_names.pop()
        done.add(name)
        yield name

    yield from visit(asked, "the question")


def checked(chain: Chain, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a chain. Raises ChainError for one that is missing or unused."""
    missing = sorted(chain.parameters - parameters.keys())
    unused = sorted(parameters.keys() - chain.parameters)
    if missing:
        raise ChainError(f"parameters missing: {', '.join(missing)}")
    if unused:
        raise ChainError(f"parameters that no relation takes: {', '.join(unused)}")
    return dict(parameters)
