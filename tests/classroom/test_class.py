"""A class that takes part: what is kept, what stays hidden, and who may do what."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.requests import Request

from sim.classroom.class_report import class_report, earlier
from sim.classroom.class_room import ClassRoom
from sim.classroom.crew_game import BONUS, DEPARTMENTS, CrewGame
from sim.classroom.guard import RequestError, is_local
from sim.classroom.journal import Journal
from tests.classroom.loops import in_own_loop

ASKED = ("Will it close?", ("yes", "no"), 1)


def do(*steps):
    """Run coroutines one after the other in one loop; return their results."""

    async def main():
        return [await step() for step in steps]

    return in_own_loop(main())


def room_in(folder):
    return ClassRoom(Journal(folder), {"bakery": 2, "spiral": 3})


def test_events_from_many_threads_never_mix_and_a_torn_line_is_left_out(tmp_path):
    journal = Journal(tmp_path / "new")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: journal.put({"kind": "hands", "hands": [i] * 100}), range(60)))
    assert sorted(event["hands"][0] for event in journal.read()) == list(range(60))
    with journal.path.open("a") as stream:
        stream.write('{"kind": ')
    journal.put({"kind": "hands", "hands": [99]})
    assert [event["hands"][0] for event in journal.read()][-1] == 99
    assert len(journal.read()) == 61


def test_a_text_with_line_separators_is_read_back(tmp_path):
    journal = Journal(tmp_path)
    texts = ["a\u2028b", "x\u0085y", "z\u2029", "new\nline"]
    for text in texts:
        journal.put({"kind": "close", "question": text})
    assert [event["question"] for event in journal.read()] == texts


def test_every_click_is_on_the_disk_and_a_new_server_goes_on_where_the_killed_one_was(tmp_path):
    room = room_in(tmp_path)
    do(
        lambda: room.show_hands("bakery", [1, 0]),
        lambda: room.show_hands("bakery", [1, 1]),
        lambda: room.show("vote", "bakery"),
        lambda: room.cast("a" * 12, 1, "10.0.0.2"),
    )
    again = room_in(tmp_path)
    assert (again.code, again.stage, again.lesson) == (room.code, "vote", "bakery")
    assert again.votes["bakery"].counts == [1, 2]
    assert not again.votes["bakery"].closed


def test_a_vote_closed_thrice_is_stored_once_and_closed_hands_stay(tmp_path):
    room = room_in(tmp_path)

    async def thrice():
        return await asyncio.gather(*(room.close("bakery", *ASKED) for _ in range(3)))

    done = do(lambda: room.show_hands("bakery", [3, 4]), thrice, lambda: room.show_hands("bakery", [9, 9]))
    assert sorted(done[1]) == [False, False, True]
    closes = [event for event in Journal(tmp_path).read() if event["kind"] == "close"]
    assert [event["counts"] for event in closes] == [[3, 4]]


def test_a_phone_has_one_ballot_and_none_after_the_close(tmp_path):
    room = room_in(tmp_path)
    one, two = "a" * 12, "b" * 12
    do(
        lambda: room.show("vote", "spiral"),
        lambda: room.cast(one, 0, "x"),
        lambda: room.cast(one, 2, "x"),
        lambda: room.cast(two, 2, "x"),
        lambda: room.close("spiral", "q", ("a", "b", "c"), 1),
    )
    assert room.votes["spiral"].counts == [0, 0, 2]
    with pytest.raises(RequestError, match="closed"):
        do(lambda: room.cast(one, 1, "x"))
    with pytest.raises(RequestError, match="not in the class"):
        room.known("x")


def test_crew_rows_together_for_common_pay_and_apart_for_own_numbers():
    game = CrewGame(7)
    phones = [f"{i}" for i in range(12)]
    for phone in phones:
        game.sit(phone)
    assert sum(seat.head for seat in game.seats.values()) == len(DEPARTMENTS)
    game.begin(0.0)
    for phone in phones:
        game.row(phone, game.course)
    together = game.outcome()
    assert (together["thrust"], together["coherence"], together["people"]) == (1.0, 1.0, 12)
    game.begin(0.6)
    for phone in phones:
        game.row(phone, BONUS[game.seats[phone].department])
    apart = game.outcome()
    assert apart["own"] == 1.0
    assert apart["thrust"] < 0.5
    game.open = False
    game.row(phones[0], 5)
    assert game.seats[phones[0]].angle != 5


def test_a_rower_hears_the_own_head_and_only_a_head_hears_the_founder():
    game = CrewGame(7)
    heads = [f"h{i}" for i in range(4)]
    for phone in [*heads, "r0"]:
        game.sit(phone)
    game.begin(0.0)
    assert game.view("r0")["hears"] is None
    game.row("h0", 33)
    assert game.view("r0")["hears"] == 33
    assert abs(game.view("h0")["hears"] - game.course) < 40
    assert "course" not in game.view("h0")


def test_earlier_classes_are_compared_on_the_same_question_only(tmp_path):
    journal = Journal(tmp_path)
    for name, question, counts in (("a", "old", [9, 0]), ("b", "new", [6, 4]), ("c", "new", [1, 3])):
        journal.put({"kind": "class", "class": name, "code": "X"})
        close = {"kind": "close", "lesson": "bakery", "question": question, "options": ["yes", "no"], "answer": 1}
        journal.put({**close, "hands": counts, "counts": counts})
    found = earlier(journal.read(), "bakery", "c")
    assert (found["classes"], found["people"], found["right"]) == (1, 10, 6)
    assert found["low"] < 0.6 < found["high"]


def test_the_report_escapes_and_names_what_the_model_does(tmp_path):
    journal = Journal(tmp_path)
    journal.put({"kind": "class", "class": "<b>", "code": "X"})
    evil = "<script>alert(1)</script>"
    vote = {"kind": "close", "lesson": "gone", "question": evil, "options": [evil, "no"], "answer": 2}
    journal.put({**vote, "hands": [1, 2], "counts": [1, 2]})
    page = class_report(journal.read(), {})
    assert "<script" not in page
    assert "67 %" in page


def test_what_a_vote_and_a_round_have_come_to_is_hidden_until_they_are_closed(client):
    def control(act, **more):
        return client.post("/api/trainer", json={"act": act, **more}).json()

    control("class")
    seen = control("stage", stage="vote", lesson="bakery")
    code = client.get("/api/class").json()["code"]
    phones = [client.post("/api/phone", json={"act": "join", "code": code}).json()["phone"] for _ in range(5)]
    for i, phone in enumerate(phones):
        seen = client.post("/api/phone", json={"act": "vote", "phone": phone, "option": i % 2}).json()
        assert seen["mine"] == i % 2
        assert seen["counts"] is None
    vote = client.get("/api/class").json()["votes"]["bakery"]
    assert vote["phones"] == 5
    assert "counts" not in vote
    assert control("close", lesson="bakery")["votes"]["bakery"]["counts"][:2] == [3, 2]
    control("stage", stage="crew")
    control("crew", own=True)
    for phone in phones:
        client.post("/api/phone", json={"act": "row", "phone": phone, "angle": 20})
    crew = client.get("/api/class").json()["crew"]
    assert (crew["rowing"], crew["rounds"]) == (5, [])
    ended = control("crew_end")["crew"]["rounds"]
    assert ended[0]["people"] == 5
    assert ended[0]["coherence"] == 1.0


def test_teams_try_on_one_set_of_firms_and_new_ones_decide(client, shelf):
    def control(act, **more):
        return client.post("/api/trainer", json={"act": act, **more}).json()

    control("class")
    control("stage", stage="puzzle", lesson="spiral")
    code = client.get("/api/class").json()["code"]
    puzzle = shelf["spiral"][0].puzzle
    good = puzzle.solution
    bad = {s.name: (s.most if s.name == "people.incentive" else s.least) for s in puzzle.levers}
    for team, values in ((1, bad), (2, good)):
        phone = client.post("/api/phone", json={"act": "join", "code": code}).json()["phone"]
        wrong = client.post("/api/phone", json={"act": "try", "phone": phone, "values": values})
        assert wrong.json()["problem"] == "Choose a team first."
        client.post("/api/phone", json={"act": "team", "phone": phone, "team": team})
        tried = client.post("/api/phone", json={"act": "try", "phone": phone, "values": values}).json()["tried"]
        assert tried["firms"] == 40
    board = control("decide", lesson="spiral")["board"]
    assert [row["team"] for row in board] == [2, 1]
    assert client.get(f"/api/phone?phone={phone}").json()["place"] == 1


def test_a_phone_with_a_wrong_code_stays_out_and_only_the_trainer_steers(client):
    assert client.post("/api/phone", json={"act": "join", "code": "NOPE!"}).status_code == 403
    assert client.get("/api/phone?phone=x").status_code == 403
    for address, local in (("192.168.1.7", False), ("127.0.0.1", True), ("::1", True)):
        assert is_local(Request({"type": "http", "client": (address, 5), "headers": []})) == local


@pytest.mark.slow
def test_sixty_phones_vote_at_once(classroom, client):
    import time

    import httpx
    import psutil

    client.post("/api/trainer", json={"act": "class"})
    client.post("/api/trainer", json={"act": "stage", "stage": "vote", "lesson": "bakery"})
    code = client.get("/api/class").json()["code"]

    async def phone(http, i, waits):
        joined = (await http.post("/api/phone", json={"act": "join", "code": code})).json()["phone"]
        for k in range(10):
            begun = time.perf_counter()
            answer = await http.get("/api/phone", params={"phone": joined, "seen": -1})
            assert answer.status_code == 200
            waits.append(time.perf_counter() - begun)
            if k == 3:
                await http.post("/api/phone", json={"act": "vote", "phone": joined, "option": i % 4})
            await asyncio.sleep(0.5)

    async def main():
        waits = []
        limits = httpx.Limits(max_connections=70, max_keepalive_connections=70)
        async with httpx.AsyncClient(base_url=classroom.address, timeout=60, limits=limits) as http:
            await asyncio.gather(*(phone(http, i, waits) for i in range(60)))
        return sorted(waits)

    server = psutil.Process(classroom.process.pid)
    before = server.cpu_times()
    waits = in_own_loop(main())
    after = server.cpu_times()
    counts = client.post("/api/trainer", json={"act": "close", "lesson": "bakery"}).json()["votes"]["bakery"]["counts"]
    assert counts == [15, 15, 15, 15]
    used = (after.user + after.system - before.user - before.system) / len(waits)
    print(
        f"60 phones: {1000 * used:.1f} ms of processor a question, median wait {1000 * waits[len(waits) // 2]:.0f} ms"
    )
    assert used < 0.02  # at a question every 1.5 s from each: less than one processor of two
