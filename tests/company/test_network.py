"""What ties say: shortest paths as networkx counts them, silos against sizes alone, and the chart against the ties."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import numpy as np
import pytest

from sim.company.importing.network import analyse, formal_ties
from sim.company.importing.shortest_paths import brokers, follow_paths
from tests.company.made import table
from tests.company.read_tables import staff_and_links


def arrays(graph):
    matrix = nx.to_scipy_sparse_array(graph, nodelist=sorted(graph), format="csr")
    return matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64)


def share_through(graph, chosen):
    """The share of shortest paths through a set, by listing every path."""
    shares = []
    for one, other in combinations(sorted(graph), 2):
        if graph.has_edge(one, other) or not nx.has_path(graph, one, other):
            continue
        paths = list(nx.all_shortest_paths(graph, one, other))
        shares.append(np.mean([bool(set(path[1:-1]) & chosen) for path in paths]))
    return np.mean(shares)


@pytest.mark.parametrize("seed", range(4))
def test_paths_are_counted_as_networkx_counts_them(seed):
    graph = nx.gnm_random_graph(24, 40, seed=seed)
    people, load = len(graph), np.zeros(24)
    chosen = np.zeros(24, np.bool_)
    chosen[[3, 7]] = True
    share = follow_paths(*arrays(graph), np.arange(people), chosen, load)
    expected = nx.betweenness_centrality(graph, normalized=False)
    np.testing.assert_allclose(load / 2, [expected[i] for i in range(people)], atol=1e-9)
    assert share == pytest.approx(share_through(graph, {3, 7}))


def test_brokers_are_the_fewest_of_the_ranking_that_stand_on_half_of_the_paths():
    graph = nx.gnm_random_graph(30, 45, seed=5)
    few, share = brokers(*arrays(graph), np.arange(30))
    assert share == pytest.approx(share_through(graph, set(few.tolist())))
    assert share >= 0.5
    assert share_through(graph, set(few[:-1].tolist())) < 0.5


def test_in_a_star_one_person_stands_on_every_path_and_in_a_clique_nobody():
    few, share = brokers(*arrays(nx.star_graph(9)), np.arange(10))
    assert (few.tolist(), share) == ([0], 1.0)
    assert brokers(*arrays(nx.complete_graph(5)), np.arange(5))[0].size == 0


def firm(tmp_path, pairs):
    rows = "".join(f"{i},{1 if i in (2, 7) else 2 if i < 7 else 7},{'A' if i < 7 else 'B'}\n" for i in range(2, 12))
    people = table(tmp_path, "p.csv", f"id,manager id,department,title\n1,,,Founder\n{rows}".replace(",\n", ",,\n"))
    links = table(tmp_path, "l.csv", "listener,speaker\n" + "".join(f"{a},{b}\n" for a, b in pairs))
    return staff_and_links(people, links)


def test_ties_inside_departments_are_told_from_what_sizes_alone_give(tmp_path):
    inside = [(a, b) for a in range(2, 12) for b in range(2, 12) if a != b and (a < 7) == (b < 7)]
    shut = analyse(*firm(tmp_path, inside))
    assert shut.silo == -1
    assert shut.silo_low > -1
    every = analyse(*firm(tmp_path, [(a, b) for a in range(2, 12) for b in range(2, 12) if a != b]))
    assert every.silo_low <= every.silo <= every.silo_high


def test_the_chart_is_compared_with_who_listens_to_whom(tmp_path):
    found = formal_ties(*firm(tmp_path, [(3, 2), (4, 2), (2, 4), (8, 7), (5, 6), (3, 9)]))
    assert found == {"people": 8, "to_boss": 3, "from_boss": 1, "ties": 6, "along": 4, "peers": 1}


def test_of_fewer_than_five_people_nothing_is_said_of_their_bosses(tmp_path):
    assert formal_ties(*firm(tmp_path, [(9, 8)])) is None
