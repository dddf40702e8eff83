import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from sim.classroom.server import MOST_BODY
from sim.classroom.votes import Ballot, BallotBox

EVIL = "<script>alert(1)</script>"


def test_a_run_is_answered(client):
    answer = client.post("/api/run", json={"scenario": "bakery", "seed": 3, "weeks": 20})
    assert answer.status_code == 200
    assert answer.json()["weeks"] == 20


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"scenario": "bakry"}, "did you mean"),
        ({"set": {"founder.clarity": 7}}, "must be at most 1"),
        ({"set": {"headcount": 100000}}, "at most 300"),
        ({"seed": -1}, "seed must be at least 0"),
        ({"seed": 1e300}, "seed"),
        ({"weeks": 10**9}, "weeks must be at most"),
        ({"nonsense": 1}, "nonsense"),
        ({"events": [{"kind": "meteor", "week": 3}]}, "not a kind of event"),
        ({"events": [{"kind": "set", "week": 3, "values": {"people.k_out": 2}}]}, "k_out"),
        ({"text": "]["}, "not valid TOML"),
        ({"text": "a" * 100_000}, "characters"),
    ],
)
def test_bad_wishes_are_refused_in_words(client, question, said):
    answer = client.post("/api/run", json=question)
    assert answer.status_code == 422
    assert said in answer.json()["problem"]


def test_strange_bodies_are_refused(client):
    head = {"content-type": "application/json"}
    assert client.post("/api/run", content=b"{", headers=head).status_code == 400
    assert client.post("/api/run", content=b"[" * 100_000, headers=head).status_code == 400
    assert client.post("/api/run", content=b'{"seed": NaN}', headers=head).status_code == 422
    assert client.post("/api/run", content=b" " * (MOST_BODY + 1), headers=head).status_code == 413
    assert client.post("/api/run", content=b"{}", headers={"content-type": "text/plain"}).status_code == 415


def test_other_sites_and_other_names_are_kept_out(client):
    assert client.get("/api/catalogue", headers={"host": "evil.example"}).status_code == 403
    assert client.post("/api/vote", json={}, headers={"origin": "http://evil.example"}).status_code == 403
    assert client.get("/api/catalogue").status_code == 200


def test_answers_forbid_the_page_to_load_from_elsewhere(client):
    policy = client.get("/").headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy


def test_a_saved_run_reads_back(client):
    from sim.scenario import loads

    move = {"kind": "cash_cut", "week": 9, "weeks": 3, "label": EVIL}
    answer = client.post("/api/scenario", json={"scenario": "bakery", "events": [move]})
    assert loads(answer.text).events[-1].label == EVIL


def test_the_guide_escapes_and_unknown_lessons_are_not_found(client):
    assert client.get("/guide/nothing").status_code == 404
    assert client.post("/api/evidence", json={"lesson": EVIL}).status_code == 404


def test_a_reading_comes_with_an_interval(client):
    window = {"measure": "thrust", "from_week": 10, "to_week": 30}
    found = client.post("/api/reading", json={"ask": {"weeks": 30}, "window": window}).json()
    assert found["low"] < found["mean"] < found["high"]
    wrong = client.post("/api/reading", json={"ask": {}, "window": {**window, "measure": "luck"}})
    assert wrong.status_code == 422


def test_a_vote_is_kept(client, votes):
    ballot = {"lesson": "bakery", "question": EVIL, "options": ["a", "b"], "counts": [3, 4]}
    assert client.post("/api/vote", json=ballot).json() == {"kept": True}
    assert client.post("/api/vote", json={**ballot, "counts": [1]}).status_code == 422
    assert client.post("/api/vote", json={**ballot, "counts": [-1, 2]}).status_code == 422
    assert BallotBox(votes).read()[-1]["counts"] == [3, 4]


def test_votes_from_many_hands_never_mix_and_a_torn_line_is_left_out(tmp_path):
    box = BallotBox(tmp_path / "new")
    ballots = [Ballot(lesson="x" * 70, question="q" * 400, options=("a", "b"), counts=(i, i)) for i in range(60)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(box.put, ballots))
    assert sorted(v["counts"][0] for v in box.read()) == list(range(60))
    with box.path.open("a") as stream:
        stream.write('{"torn": ')
    box.put(ballots[0])
    assert len(box.read()) == 61
    assert json.loads(box.path.read_text().splitlines()[-1])["counts"] == [0, 0]
