"""The classroom in a real browser: every lesson from start to debrief, steering, shocks, the file to take home."""

import re

import pytest

from sim.classroom.journal import Journal
from sim.classroom.lesson_check import evidence
from sim.classroom.lessons import FOLDER
from sim.classroom.take_home import lattice, take_home

KEYS = sorted(path.stem for path in FOLDER.glob("*.toml"))
SHOWN = ("bakery", "managed-misalignment", "automation-paradox")
"""The lessons that are walked each time; CI walks the others as well."""
READY = (
    "window.Coherence && Coherence.app.player.base && Coherence.app.player.change && Coherence.app.player.busy === 0"
)
NOW = "Coherence.app.player"
EVIL = "<script>window.hacked=1</script><img src=x onerror=window.hacked=1>"


def ready(page):
    wait(page, READY)


def at(page, week):
    page.evaluate(f"{NOW}.playing = false; {NOW}.t = {week}; Coherence.app.refresh()")
    page.wait_for_timeout(60)


def wait(page, said):
    """Wait without eval, which our pages forbid."""
    for _ in range(200):
        if page.evaluate(f"Boolean({said})"):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never: {said}")


def freely(page):
    page.click(".free button.primary")
    page.wait_for_selector(".lever")
    ready(page)


@pytest.mark.parametrize("key", [key if key in SHOWN else pytest.param(key, marks=pytest.mark.slow) for key in KEYS])
def test_a_lesson_goes_from_story_to_debrief(visit, classroom, shelf, key):
    page, watched = visit()
    lesson = shelf[key][0]
    page.click(f".card >> text={lesson.title}")
    ready(page)
    page.click("text=Next: Vote")
    for option, hands in enumerate((2, 5)):
        for _ in range(hands):
            page.click(f".option:nth-child({option + 1}) .plus")
    page.click(".option:nth-child(2) .minus")
    page.click("text=Close the vote and run")
    wait(page, f"{NOW}.playing && {NOW}.t > 2")
    closed = [event for event in Journal(classroom.votes).read() if event["kind"] == "close"]
    assert closed[-1]["lesson"] == key
    assert closed[-1]["counts"][:2] == [2, 4]
    page.evaluate(f"{NOW}.speed = 40; {NOW}.t = {NOW}.end - 8")
    wait(page, f"!{NOW}.playing")
    page.click("text=Next: Why")
    answer = lesson.vote.options[lesson.vote.answer - 1]
    before = page.inner_text(".pane-box")
    assert answer not in before
    assert "week" not in before.lower()
    assert page.locator(".chain").count() == 0
    page.click("text=Reveal why")
    page.wait_for_selector(".finding")
    assert answer in page.inner_text(".answer")
    assert page.evaluate(f"{NOW}.playing")
    assert page.locator(".finding.holds").count() == page.locator(".finding").count() == len(lesson.claims)
    at(page, 0)
    shown = page.evaluate("[...document.querySelectorAll('.story-chain li')].map((n) => +n.dataset.week)")
    assert shown == sorted(shown)
    assert len(shown) == len(lesson.why.links)
    assert page.locator(".story-chain li.lit").count() == sum(week == 0 for week in shown)
    at(page, shown[-1])
    assert page.locator(".story-chain li.lit").count() == len(shown)
    page.click("text=Next: Talk")
    assert lesson.debrief.ask[0] in page.inner_text(".pane-box")
    if lesson.puzzle is not None:
        page.click(".steps >> text=Puzzle")
        page.click("text=Check with forty firms")
        page.wait_for_selector(".verdict.lost")
    if lesson.experiment is not None:
        page.click(".steps >> text=Try")
        assert page.input_value(".lever input") == f"{lesson.experiment.lever.least:g}"
        label = lesson.experiment.conditions[-1].label
        page.click(f"text=Try in: {label}")
        wait(page, f"document.querySelector('.verdict').textContent.startsWith('{label}')")
        page.click("text=Show the measured curve")
        assert page.inner_text(".verdict").startswith("Against 0, up to 400 pairs a point.")
    watched.clean()


def test_sliders_act_from_the_next_week_on_and_going_back_forgets(visit):
    page, watched = visit()
    freely(page)
    at(page, 30)
    before = page.evaluate(f"[...{NOW}.change.values]")
    page.locator("#lever-3").fill("0.8")
    page.locator("#lever-3").dispatch_event("change")
    wait(page, f"{NOW}.busy === 0 && {NOW}.moves.length === 1")
    assert page.evaluate(f"{NOW}.moves[0].event") == {
        "kind": "set", "week": 31, "values": {"people.incentive": 0.8}, "label": "Bonus for one's own numbers",
    }  # fmt: skip
    after = page.evaluate(f"[...{NOW}.change.values]")
    width = page.evaluate(f"{NOW}.change.measures.length")
    assert before[: 31 * width] == after[: 31 * width]
    assert before[31 * width : 33 * width] != after[31 * width : 33 * width]
    page.keyboard.press("ArrowLeft")  # the slider has the focus: its own key
    page.evaluate("document.activeElement.blur()")
    wait(page, f"{NOW}.busy === 0")
    at(page, 10)
    page.click("role=tab[name=Shocks]")
    page.click("text=Cash is cut")
    wait(page, f"{NOW}.busy === 0 && {NOW}.moves.length === 1 && {NOW}.moves[0].event.week === 11")
    watched.clean()


def test_every_shock_strikes_and_two_boats_keep_the_base(visit):
    page, watched = visit()
    freely(page)
    at(page, 20)
    page.click("role=tab[name=Shocks]")
    base = page.evaluate(f"[...{NOW}.base.values]")
    for number in range(page.locator(".shock").count()):
        page.locator(".shock").nth(number).click()
        wait(page, f"{NOW}.busy === 0 && {NOW}.moves.length === {number + 1}")
    assert {m["event"]["kind"] for m in page.evaluate(f"{NOW}.moves")} == {
        "department_turned", "market_turns", "cash_cut", "automation", "founder_leaves", "merger",
    }  # fmt: skip
    page.keyboard.press("o")
    assert page.evaluate(f"{NOW}.boats") == 2
    at(page, 40)
    assert page.evaluate(f"[...{NOW}.base.values]") == base
    assert page.evaluate(f"{NOW}.change.at('thrust', 40) < {NOW}.base.at('thrust', 40)")
    watched.clean()


def test_keys_steer_and_a_reload_brings_everything_back(visit):
    page, watched = visit()
    freely(page)
    page.evaluate("document.activeElement.blur()")
    for key, week in (("ArrowRight", 1), ("ArrowRight", 2), ("Shift+ArrowRight", 15), ("ArrowLeft", 14), ("r", 0)):
        page.keyboard.press(key)
        assert page.evaluate(f"{NOW}.week") == week
    page.keyboard.press(" ")
    assert page.evaluate(f"{NOW}.playing")
    page.keyboard.press(" ")
    page.keyboard.press("n")
    wait(page, f"{NOW}.seed === 2 && {NOW}.busy === 0")
    page.keyboard.press("p")
    page.keyboard.press("d")
    at(page, 33)
    page.reload()
    page.wait_for_selector(".lever")
    ready(page)
    assert page.evaluate(f"[{NOW}.seed, {NOW}.week]") == [2, 33]
    assert page.evaluate("Coherence.app.big")
    watched.clean()


def test_a_seed_in_the_browser_gives_the_numbers_of_the_engine(visit):
    from sim import load
    from sim.simulate import run

    page, _ = visit()
    page.select_option("#scenario", "bakery")
    freely(page)
    page.fill(".seed", "11")
    page.keyboard.press("Enter")
    wait(page, f"{NOW}.seed === 11 && {NOW}.busy === 0")
    shown = page.evaluate(
        f"{NOW}.change.measures.map((m) => [...Array({NOW}.change.weeks).keys()].map((t) => {NOW}.change.at(m, t)))"
    )
    result = run(load("bakery"), seed=11)
    assert [list(v) for v in result.series.values()] == shown


def test_nothing_in_a_scenario_can_run_and_bad_files_are_told(visit, tmp_path):
    page, watched = visit()
    evil = tmp_path / "evil.toml"
    named = EVIL.replace('"', "'")
    evil.write_text(
        f'title = "{named}"\nstory = "{named}"\nweeks = 30\n[[departments]]\nname = "{named[:60]}"\n'
        f'[[departments]]\nname = "b"\n[[events]]\nkind = "cash_cut"\nweek = 3\nweeks = 1\nlabel = "{named[:80]}"\n'
    )
    bad = tmp_path / "bad.toml"
    bad.write_text("[founder]\nclarity = 7\n")
    page.set_input_files("#upload", bad)
    page.wait_for_selector(".problem-text")
    assert "clarity" in page.inner_text(".problem-text")
    page.set_input_files("#upload", evil)
    page.wait_for_selector(".lever")
    ready(page)
    page.click("role=tab[name=About]")
    assert "<script>" in page.inner_text(".pane-box h2")
    at(page, 20)
    page.wait_for_timeout(200)
    assert page.evaluate("window.hacked") is None
    assert watched.outside == []
    assert [w for w in watched.wrong if "422" not in w] == []


def home_file(path, shelf, key, class_firm=None):
    """Write a take-home file with a lattice of few firms."""
    lesson, folder = shelf[key]
    steered = None if class_firm is None else lesson.change.ask(lesson).model_copy(update={"events": (class_firm,)})
    path.write_text(take_home(lesson, folder, evidence(lesson, 40), steered, grid=lattice(lesson, 4, {2: 3})))
    return path


def test_the_take_home_file_works_from_the_disk_without_network(browser, tmp_path, shelf):
    path = home_file(tmp_path / "home.html", shelf, "managed-misalignment", {"kind": "cash_cut", "week": 9, "weeks": 3})
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 720})
    page = context.new_page()
    wrong, asked = [], []
    page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: wrong.append(str(e)))
    page.on("request", lambda r: asked.append(r.url))
    page.goto(path.as_uri())
    wait(page, READY)
    page.click("text=Next: Vote")
    page.click(".option:nth-child(1) .plus")
    page.click("text=Close the vote and run")
    wait(page, f"{NOW}.t > 2")
    page.click("text=Show the firm that the class steered")
    wait(page, f"{NOW}.change.events.some((e) => e.week === 9)")
    page.click("text=Show the lesson's firm")
    page.click(".steps >> text=Why")
    page.click("text=Reveal why")
    page.wait_for_selector(".finding")
    page.click(".steps >> text=Try")
    page.locator(".lever input").fill("0.4")
    page.click("text=Try in: blurred news")
    assert page.inner_text(".verdict").startswith("blurred news, 0.40")
    page.click(".steps >> text=Explore")
    said = page.get_attribute("#lattice-0", "aria-valuetext")
    page.locator("#lattice-0").fill("0.8")
    assert page.get_attribute("#lattice-0", "aria-valuetext") != said
    assert "of 4 firms closed" in page.inner_text(".verdict")
    assert wrong == []
    assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
    context.close()


def test_votes_survive_reload_sleep_and_three_clicks_on_close(visit, classroom):
    page, watched = visit()
    page.click(".card >> text=Silo drift")
    ready(page)
    page.evaluate(
        "fetch('/api/trainer', {method: 'POST', headers: {'content-type': 'application/json'}, body: '{\"act\": \"class\"}'})"
    )
    page.click("text=Next: Vote")
    for _ in range(7):
        page.click(".option:nth-child(1) .plus")
    page.evaluate("sessionStorage.clear()")  # as on another computer: what counts is what the server has
    stored = [event for event in Journal(classroom.votes).read() if event["kind"] == "hands"]
    wait(page, "!Coherence.app.guide.unsent")
    stored = [event for event in Journal(classroom.votes).read() if event["kind"] == "hands"]
    assert stored[-1]["hands"][0] == 7
    page.reload()
    wait(page, "window.Coherence")
    if page.locator("dialog.home").count():
        page.click(".card >> text=Silo drift")
    wait(page, READY)
    wait(page, "Coherence.app.guide.counts[0] === 7")
    page.click(".steps >> text=Vote")
    page.evaluate(
        "(() => { const b = [...document.querySelectorAll('.lesson button')].find((x) => x.textContent.startsWith('Close'));"
        "b.click(); b.click(); b.click(); })()"
    )
    wait(page, "Coherence.app.guide.step === 'run'")
    last = Journal(classroom.votes).read()
    begun = max(i for i, event in enumerate(last) if event["kind"] == "class")
    assert [event["counts"][0] for event in last[begun:] if event["kind"] == "close"] == [7]
    watched.clean()


def test_steering_away_from_the_lessons_firm_is_said_and_undone(visit):
    page, watched = visit()
    page.click(".card >> text=The spiral")
    ready(page)
    before = page.evaluate(f"[...{NOW}.change.values]")
    page.click(".steps >> text=Puzzle")
    page.click("text=Watch it on the water")
    wait(page, f"{NOW}.busy === 0 && {NOW}.names.change === 'Your answer to the puzzle'")
    assert page.is_visible(".banner")
    page.click(".steps >> text=Why")
    wait(page, f"{NOW}.busy === 0 && {NOW}.names.change === 'Six weeks of cash lost'")
    assert "back on the water" in page.inner_text(".pane-box .back")
    assert page.evaluate(f"[...{NOW}.change.values]") == before
    assert not page.is_visible(".banner")
    page.keyboard.press("n")
    wait(page, f"{NOW}.busy === 0 && {NOW}.steered")
    assert page.is_visible(".banner")
    page.click("text=Back to the lesson's firms")
    wait(page, f"{NOW}.busy === 0 && !{NOW}.steered")
    watched.clean()


def test_two_phones_vote_and_row_and_the_trainer_leads(visit, client):
    trainer, watched_trainer = visit("/trainer")
    client.post("/api/trainer", json={"act": "class"})
    room, watched = visit()
    room.click(".card >> text=The spiral")
    ready(room)
    code = client.get("/api/class").json()["code"]
    phones = [visit(f"/j#{code}", 390, 844, is_mobile=True, has_touch=True)[0] for _ in range(2)]
    for phone in phones:
        phone.wait_for_selector("text=You are in.")
    trainer.click("text=Next: Vote")
    room.wait_for_selector(".question")
    trainer.click("text=The vote")
    for i, phone in enumerate(phones):
        phone.click(f"main button:nth-of-type({2 - i})")
        phone.wait_for_selector("text=Your vote counts")
    room.wait_for_selector("text=2 phones have voted.")
    trainer.click("text=Close the vote")
    phones[0].wait_for_selector("text=The vote is closed.")
    wait(room, "Coherence.app.guide.voted && Coherence.app.guide.ballots[0] === 1")
    trainer.click("text=The crew game")
    trainer.click("text=Round: own numbers count")
    for phone in phones:
        phone.wait_for_selector("#oar")
        phone.locator("#oar").fill("30")
    trainer.wait_for_selector("text=2 of 2 row.")
    trainer.click("text=End the round")
    phones[0].wait_for_selector("text=You earn")
    trainer.click("text=Show the class panel in the room")
    room.wait_for_selector(".oars")
    watched.clean()
    watched_trainer.clean()


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (820, 1180), (1180, 820)])
def test_all_controls_are_on_the_screen_and_have_names(visit, width, height):
    page, watched = visit(width=width, height=height)
    freely(page)
    for node in page.locator("button, input, select").all():
        if not node.is_visible():
            continue
        named = node.evaluate(
            "n => (n.labels && n.labels.length ? n.labels[0].textContent : '') + (n.getAttribute('aria-label') || '') + n.textContent"
        )
        assert named.strip(), node.evaluate("n => n.outerHTML")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for name in ("header", ".stage", ".charts", "aside"):
        box = page.locator(name).bounding_box()
        assert box["width"] > 100
        assert box["height"] > 40
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width + 1
        assert box["y"] + box["height"] <= height + 1
    assert re.match(r"The boat\. Week 0", page.get_attribute(".stage", "aria-label"))
    watched.clean()


@pytest.mark.slow
def test_tabs_have_firms_of_their_own_and_stay_quick(visit):
    pages = [visit()[0] for _ in range(4)]
    for page in pages:
        page.click(".free button.primary")
    for number, page in enumerate(pages):
        ready(page)
        page.evaluate(f"{NOW}.luck({number + 20})")
    for page in pages:
        ready(page)
    assert len({page.evaluate(f"{NOW}.change.at('cash', 50)") for page in pages}) == len(pages)


@pytest.mark.slow
def test_a_killed_server_leaves_the_page_usable_and_a_new_one_goes_on(browser, tmp_path):
    from tests.classroom.conftest import Classroom

    server = Classroom(tmp_path)
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.goto(server.address)
    page.wait_for_selector(".card")
    freely(page)
    server.kill()
    page.evaluate(f"{NOW}.luck(9)")
    page.wait_for_selector(".status.problem")
    page.evaluate(f"{NOW}.step(5)")
    assert page.evaluate(f"{NOW}.week") == 5
    server.start()
    wait(page, "true")
    page.reload()
    page.wait_for_selector(".lever", timeout=30000)
    ready(page)
    assert page.evaluate(f"{NOW}.week") == 5
    context.close()
    server.kill()
