"""What the links say before anything is simulated: silos, brokers, reach of the founder's voice, span and layers.

Everything here is about groups: counts and shares, never somebody's score.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sim.company.importing.links import Links
from sim.company.importing.org_chart import depths
from sim.company.importing.privacy import merged_groups
from sim.company.importing.staff import Staff

SAMPLED = 400
"""People above which betweenness is estimated from a sample."""
SOURCES = 64
"""People that the sample starts from."""


@dataclass
class Network:
    """An organisational network analysis.

    Attributes
    ----------
    people, ties
        Size (directed ties).
    silo
        E-I index over all ties (Krackhardt & Stern 1988): (external - internal)/(all); -1 wholly inside departments, 1 wholly outside.
    silo_expected
        What it would be if ties ignored departments, given their sizes.
    group_silo
        E-I index of each group of five people or more.
    reciprocity
        Share of ties that go both ways.
    isolated
        People without any tie.
    brokers, brokered
        How few people carry half of all shortest paths, and their share of the people.
    broker_groups
        Of these people, how many are in which group of at least five.
    cut_people
        Single points of failure: people without whom others would lose every path to the rest.
    cut_off
        The most people that the loss of one would cut off from the largest part.
    reach
        Share of people whom the founder's voice reaches within 1, 2, 3 steps through who listens to whom; None without a founder's ties.
    distance
        Mean steps to those reached at all.
    unreached
        Share of the people never reached.
    span, span_most, layers
        Median and largest number of direct reports; managers above the lowest.
    between
        Ties between groups of at least five: listeners' group -> speakers' group -> ties.
    """

    people: int
    ties: int
    silo: float
    silo_expected: float
    group_silo: dict[str, float]
    reciprocity: float
    isolated: int
    brokers: int
    brokered: float
    broker_groups: dict[str, int]
    cut_people: int
    cut_off: int
    reach: list[float] | None
    distance: float | None
    unreached: float | None
    span: float | None
    span_most: int | None
    layers: int
    between: dict[str, dict[str, int]]
    sampled: bool

    def plain(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


def chart(staff: Staff) -> tuple[float | None, int | None, int]:
    """Return the median and the largest number of direct reports, and the number of layers."""
    reports = np.bincount([p.manager for p in staff.people if p.manager >= 0], minlength=1)
    reports = reports[reports > 0]
    layers = max(depths(staff)) + 1
    return (float(np.median(reports)), int(reports.max()), layers) if reports.size else (None, None, layers)


def analyse(staff: Staff, links: Links) -> Network:
    """Return the analysis of a company's links; the founder's ties count for reach alone."""
    import networkx as nx

    posts = [i for i in range(len(staff.people)) if i != staff.founder]
    department = np.array([p.department for p in staff.people])
    groups = merged_groups(staff.departments) or {}
    listener, speaker = links.listener, links.speaker
    inside = (listener != staff.founder) & (speaker != staff.founder)
    graph = nx.DiGraph()
    graph.add_nodes_from(posts)
    graph.add_edges_from(zip(listener[inside].tolist(), speaker[inside].tolist(), strict=True))
    plain = graph.to_undirected()
    own = department[listener[inside]] == department[speaker[inside]]
    external, internal = int((~own).sum()), int(own.sum())
    sizes = np.array(list(staff.departments.values()))
    n = len(posts)
    pairs = n * (n - 1)
    same = float((sizes * (sizes - 1)).sum())
    betweenness = nx.betweenness_centrality(plain, k=SOURCES if n > SAMPLED else None, seed=1)
    ranked = sorted(posts, key=lambda i: -betweenness[i])
    load = np.array([betweenness[i] for i in ranked])
    brokers = int(np.searchsorted(load.cumsum(), 0.5 * load.sum()) + 1) if load.sum() > 0 else 0
    broker_groups: dict[str, int] = {}
    for i in ranked[:brokers]:
        group = groups.get(staff.people[i].department, "the whole company")
        broker_groups[group] = broker_groups.get(group, 0) + 1
    cuts = list(nx.articulation_points(plain))
    reach, distance, unreached = _reach(staff, links, posts)
    span, most, layers = chart(staff)
    codes = [groups.get(d, "the whole company") for d in department]
    between: dict[str, dict[str, int]] = {}
    for a, b in zip(listener[inside].tolist(), speaker[inside].tolist(), strict=True):
        row = between.setdefault(codes[a], {})
        row[codes[b]] = row.get(codes[b], 0) + 1
    group_silo = {}
    for group, row in between.items():
        outside = sum(v for other, v in row.items() if other != group) + sum(
            r.get(group, 0) for g, r in between.items() if g != group
        )
        group_silo[group] = round((outside - row.get(group, 0)) / max(outside + row.get(group, 0), 1), 2)
    edges = plain.number_of_edges()
    mutual = graph.number_of_edges() - edges
    return Network(
        people=n, ties=int(inside.sum()), silo=round((external - internal) / max(external + internal, 1), 2),
        silo_expected=round((pairs - 2 * same) / pairs, 2) if pairs else 0.0, group_silo=group_silo,
        reciprocity=round(2 * mutual / max(graph.number_of_edges(), 1), 2), isolated=sum(1 for i in posts if plain.degree(i) == 0),
        brokers=brokers, brokered=round(brokers / n, 3), broker_groups=broker_groups, cut_people=len(cuts), cut_off=_cut_off(plain, cuts),
        reach=reach, distance=distance, unreached=unreached, span=span, span_most=most, layers=layers, between=between, sampled=n > SAMPLED,
    )  # fmt: skip


def _cut_off(graph: Any, cuts: list[int]) -> int:
    """Return the most people that lose the largest part when one goes (of the 50 with the most ties)."""
    import networkx as nx

    worst = 0
    for i in sorted(cuts, key=lambda i: -graph.degree(i))[:50]:
        component = nx.node_connected_component(graph, i)
        rest = graph.subgraph(component - {i})
        parts = sorted((len(c) for c in nx.connected_components(rest)), reverse=True)
        worst = max(worst, sum(parts[1:]))
    return worst


def _reach(staff: Staff, links: Links, posts: list[int]) -> tuple[list[float] | None, float | None, float | None]:
    """Follow the founder's voice: from each speaker to those who listen."""
    if staff.founder < 0 or not np.any(links.speaker == staff.founder):
        return None, None, None
    hears: dict[int, list[int]] = {}
    for a, b in zip(links.listener.tolist(), links.speaker.tolist(), strict=True):
        hears.setdefault(b, []).append(a)
    distance = {staff.founder: 0}
    front = [staff.founder]
    while front:
        step = []
        for i in front:
            for j in hears.get(i, ()):
                if j not in distance:
                    distance[j] = distance[i] + 1
                    step.append(j)
        front = step
    steps = np.array([distance[i] for i in posts if i in distance])
    n = len(posts)
    reach = [round(float((steps <= k).sum()) / n, 2) for k in (1, 2, 3)]
    return reach, round(float(steps.mean()), 2) if steps.size else None, round(1 - steps.size / n, 2)
