"""What the links say before anything is simulated: silos, brokers, reach of the founder's voice, span and layers.

Everything here is about groups: counts and shares, never somebody's score.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.company.importing.links import Links
from sim.company.importing.org_chart import depths
from sim.company.importing.privacy import LEAST, merged_groups
from sim.company.importing.staff import Staff

SAMPLED = 3000
"""People above which shortest paths are followed from a sample of the people only."""
SOURCES = 300
"""People that the sample starts from."""
SHUFFLES = 999
"""How often people are dealt out to departments anew, to see what departments' sizes alone give."""


@dataclass
class Network:
    """An organisational network analysis.

    Attributes
    ----------
    people, ties
        Size (directed ties).
    silo
        E-I index over all ties (Krackhardt & Stern 1988): (external - internal)/(all); -1 wholly inside departments, 1 wholly outside.
    silo_expected, silo_low, silo_high
        What it would be if ties ignored departments: its mean, given departments' sizes, and the middle 95 % over the same ties
        with people dealt out to departments of these sizes at random.
    group_silo
        E-I index of each group of five people or more.
    reciprocity
        Share of ties that go both ways.
    isolated
        People without any tie.
    brokers, brokered, broker_share
        How few people stand on at least half of all shortest paths between people without a direct tie, their share of the people,
        and the share of the paths that they stand on.
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
    group_sizes
        People in each of these groups.
    formal
        The chart against the ties, see `formal_ties`; None where fewer than five people have a manager with any tie.
    sampled
        Whether brokers are estimated.
    """

    people: int
    ties: int
    silo: float
    silo_expected: float
    silo_low: float
    silo_high: float
    group_silo: dict[str, float]
    reciprocity: float
    isolated: int
    brokers: int
    brokered: float
    broker_share: float
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
    group_sizes: dict[str, int]
    formal: dict[str, int] | None
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
    few, share = _brokers(plain, posts)
    broker_groups: dict[str, int] = {}
    for i in few:
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
    low, high = _by_sizes_alone(department, posts, listener[inside], speaker[inside])
    group_sizes: dict[str, int] = {}
    for d, size in staff.departments.items():
        group = groups.get(d, "the whole company")
        group_sizes[group] = group_sizes.get(group, 0) + size
    edges = plain.number_of_edges()
    mutual = graph.number_of_edges() - edges
    return Network(
        people=n, ties=int(inside.sum()), silo=round((external - internal) / max(external + internal, 1), 2),
        silo_expected=round((pairs - 2 * same) / pairs, 2) if pairs else 0.0, silo_low=low, silo_high=high, group_silo=group_silo,
        reciprocity=round(2 * mutual / max(graph.number_of_edges(), 1), 2), isolated=sum(1 for i in posts if plain.degree(i) == 0),
        brokers=len(few), brokered=round(len(few) / n, 3), broker_share=round(share, 3), broker_groups=broker_groups,
        cut_people=len(cuts), cut_off=_cut_off(plain, cuts), reach=reach, distance=distance, unreached=unreached,
        span=span, span_most=most, layers=layers, between=between, group_sizes=group_sizes, formal=formal_ties(staff, links), sampled=n > SAMPLED,
    )  # fmt: skip


def _brokers(graph: Any, posts: list[int]) -> tuple[list[int], float]:
    import networkx as nx

    from sim.company.importing.shortest_paths import brokers

    matrix = nx.to_scipy_sparse_array(graph, nodelist=posts, format="csr")
    n = len(posts)
    sources = np.arange(n) if n <= SAMPLED else np.sort(np.random.default_rng(1).choice(n, SOURCES, replace=False))
    few, share = brokers(matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), sources)
    return [posts[i] for i in few.tolist()], share


def _by_sizes_alone(
    department: NDArray[np.str_], posts: list[int], listener: NDArray[np.int64], speaker: NDArray[np.int64]
) -> tuple[float, float]:
    """Return the middle 95 % of the E-I index over random departments of the same sizes."""
    if len(listener) == 0:
        return 0.0, 0.0
    _, code = np.unique(department, return_inverse=True)
    places = np.array(posts)
    generator = np.random.default_rng(1)
    found = np.empty(SHUFFLES)
    dealt = code.copy()
    for k in range(SHUFFLES):
        dealt[places] = generator.permutation(code[places])
        found[k] = 1 - 2 * float(np.mean(dealt[listener] == dealt[speaker]))
    low, high = np.quantile(found, (0.025, 0.975)).tolist()
    return round(low, 2), round(high, 2)


def formal_ties(staff: Staff, links: Links) -> dict[str, int] | None:
    """Compare who reports to whom with who listens to whom.

    Returns
    -------
    dict or None
        ``people``: those whose manager has any tie at all; ``to_boss``: of these, how many listen to their manager; ``from_boss``: how
        many are listened to by their manager; ``ties``: all ties; ``along``: those between somebody and their manager, either way;
        ``peers``: between two people of one manager. None below five people, of whom nothing may be said.
    """
    ties = set(zip(links.listener.tolist(), links.speaker.tolist(), strict=True))
    tied = {person for tie in ties for person in tie}
    boss = {i: p.manager for i, p in enumerate(staff.people) if p.manager >= 0}
    asked = [i for i, manager in boss.items() if manager in tied]
    if len(asked) < LEAST:
        return None
    return {
        "people": len(asked),
        "to_boss": sum((i, boss[i]) in ties for i in asked),
        "from_boss": sum((boss[i], i) in ties for i in asked),
        "ties": len(ties),
        "along": sum(boss.get(a) == b or boss.get(b) == a for a, b in ties),
        "peers": sum(a in boss and b in boss and boss[a] == boss[b] for a, b in ties),
    }


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
    import networkx as nx

    if staff.founder < 0 or not np.any(links.speaker == staff.founder):
        return None, None, None
    hears = nx.DiGraph()
    hears.add_edges_from(zip(links.speaker.tolist(), links.listener.tolist(), strict=True))
    distance = nx.single_source_shortest_path_length(hears, staff.founder)
    steps = np.array([distance[i] for i in posts if i in distance])
    n = len(posts)
    reach = [round(float((steps <= k).sum()) / n, 2) for k in (1, 2, 3)]
    return reach, round(float(steps.mean()), 2) if steps.size else None, round(1 - steps.size / n, 2)
