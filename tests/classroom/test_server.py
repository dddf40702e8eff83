import pytest

from sim.classroom.guard import MOST_BODY

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
    assert client.post("/api/hands", json={}, headers={"origin": "http://evil.example"}).status_code == 403
    assert client.get("/api/catalogue").status_code == 200


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


def test_a_scenario_is_named_from_the_known_list_only(client):
    for name in ("secret.toml.toml", "../pyproject.toml", "/etc/passwd", "scenarios/bakery"):
        answer = client.post("/api/run", json={"scenario": name})
        assert answer.status_code == 422
        assert answer.json()["problem"].startswith(f"there is no scenario {name!r}")


def test_half_a_character_is_refused_in_words(client):
    head = {"content-type": "application/json"}
    body = b'{"text": "title = 1", "set": {"\\ud800": 1}}'
    answer = client.post("/api/scenario", content=body, headers=head)
    assert answer.status_code == 422
    assert "half a character" in answer.json()["problem"]


def test_a_question_that_is_too_much_work_is_refused_at_once(client):
    heavy = {"ask": {"set": {"headcount": 300, "weeks": 520}}, "window": {"measure": "thrust"}}
    answer = client.post("/api/reading", json=heavy)
    assert answer.status_code == 422
    assert "at most 125 weeks" in answer.json()["problem"]


def test_a_contrast_is_made_in_pairs(client):
    window = {"measure": "thrust", "from_week": 10, "to_week": 30}
    ask = {"weeks": 30, "set": {"people.autonomy": 0.6}}
    found = client.post("/api/contrast", json={"ask": ask, "base": {"weeks": 30}, "window": window}).json()
    assert found["n"] == 40
    assert found["mean"] < 0
    same = client.post("/api/contrast", json={"ask": ask, "base": ask, "window": window}).json()
    assert (same["mean"], same["low"], same["high"]) == (0, 0, 0)


def test_nothing_inline_or_evaluated_or_from_elsewhere_may_run(client):
    for path in ("/", "/j", "/trainer", "/api/catalogue", "/static/app.js"):
        policy = client.get(path).headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "http" not in policy
        assert policy.startswith("default-src 'none'")


def test_an_address_is_known_only_where_the_connection_came_in():
    from sim.classroom.guard import Guard

    guard = Guard(None, frozenset({"teacher.local"}))
    scope = {"server": ("10.0.0.9", 8600)}
    for host, known in (
        ("teacher.local:8600", True), ("TEACHER.local", True), ("localhost:8600", True), ("[::1]:8600", True),
        ("10.0.0.9:8600", True), ("10.0.0.10:8600", False), ("evil.example", False), ("", False),
    ):  # fmt: skip
        assert guard._known(host, scope) == known, host
