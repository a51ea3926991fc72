"""RFC 6962: roots, inclusion and consistency."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import merkle
from ledger.frame import leaf

LEAVES = st.lists(st.binary(max_size=8).map(leaf), max_size=40)
# The inputs and roots that implementations of RFC 6962 agree on.
KNOWN = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657",
         "606162636465666768696a6b6c6d6e6f"]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def _naive(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    cut = 1
    while cut * 2 < len(leaves):
        cut *= 2
    return merkle.node(_naive(leaves[:cut]), _naive(leaves[cut:]))


def test_the_known_roots() -> None:
    tree = merkle.Tree()
    assert tree.root().hex() == ROOTS[0]
    for data, root in zip(KNOWN, ROOTS[1:], strict=True):
        tree.add(leaf(bytes.fromhex(data)))
        assert tree.root().hex() == root


@given(LEAVES)
def test_a_tree_that_grew_has_the_root_of_all_its_leaves(leaves: list[bytes]) -> None:
    assert merkle.tree_of(leaves).root() == _naive(leaves)


@given(LEAVES.filter(bool), st.data())
def test_every_leaf_is_proven_and_no_other(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = merkle.inclusion(leaves, index)
    root = merkle.tree_of(leaves).root()
    assert merkle.root_of_inclusion(leaves[index], index, len(leaves), path) == root
    other = bytes([leaves[index][0] ^ 1]) + leaves[index][1:]
    assert merkle.root_of_inclusion(other, index, len(leaves), path) != root


def test_a_path_of_another_length_is_refused() -> None:
    leaves = [leaf(bytes([n])) for n in range(5)]
    path = merkle.inclusion(leaves, 2)
    for wrong in (path[:-1], [*path, leaves[0]]):
        with pytest.raises(ValueError, match="path"):
            merkle.root_of_inclusion(leaves[2], 2, 5, wrong)
