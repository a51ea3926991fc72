"""Which facts the signals of a view are read from: all, or for one customer those it can meet.

A question for one customer must not read every incident of the ledger. What the customer's
subscriptions ever held is gathered first, and the relations of signals run over its facts alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from projections.terms import Agreements
    from projections.view import View


def signal_facts(view: View) -> Mapping[str, pa.Table]:
    """Tables that stand for `fact` when signals are asked; none where all of it is meant."""
    held = vars(view)
    if "signal_facts" not in held:
        customer = held.get("signals_for", view.customer)
        held["signal_facts"] = {} if customer is None else _narrowed(view, customer)
    found: Mapping[str, pa.Table] = held["signal_facts"]
    return found


def _narrowed(view: View, customer: str) -> dict[str, pa.Table]:
    names = sorted(services_of(view.agreements, customer))
    wanted = pa.table({"service": pa.array(names, pa.string())})
    return {"fact": view.ask("fact_on_service", {"wanted_service": wanted})}


def wide_view(view: View) -> View:
    """The same moments without the customer's scope, for what `view: everyone` looks at (S6.12).

    Still only the services that the customer can meet; what was agreed is taken over.
    """
    held = vars(view)
    if "wide_view" not in held:
        wide = view.engine.view(view.as_of)
        vars(wide).update(signals_for=view.customer, agreements=view.agreements)
        held["wide_view"] = wide
    found: View = held["wide_view"]
    return found


def services_of(agreements: Agreements, customer: str) -> set[str]:
    """The services and resources that a customer's subscriptions ever held (S3.50, S3.51)."""
    found: set[str] = set()
    for span in agreements.spans:
        if span.customer != customer:
            continue
        found.update(agreements.resources.of(span.subscription))
        if span.services is None:
            terms = {} if span.published is None else span.published.data["terms"]
            found.update(str(each["id"]) for each in terms.get("services") or ())
        for each in span.services or ():
            listed = isinstance(each, Mapping)
            found.update((each["id"], each["is"]) if listed else (str(each),))
    return found


def incident_facts(view: View, incident: str) -> Mapping[str, pa.Table]:
    """The facts of one incident, to stand for `fact`."""
    wanted = pa.table({"incident": pa.array([incident], pa.string())})
    return {"fact": view.ask("fact_of_incident", {"wanted_incident": wanted})}
