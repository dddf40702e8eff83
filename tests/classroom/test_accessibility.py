"""Every eye and every screen: axe-core finds nothing, all that is drawn stands out, zoom and keyboard reach everything."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.classroom.test_browser import NOW, READY, home_file, ready, wait

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def clean(page, where):
    """Assert that axe-core finds no violation."""
    found = Axe().run(page, options=RULES).response["violations"]
    said = [f"{v['id']}: {v['help']}: {[n['html'][:120] for n in v['nodes']][:4]}" for v in found]
    assert said == [], where


@pytest.mark.parametrize("dark", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_the_page_has_no_violations(visit, dark):
    page, _ = visit(color_scheme="dark" if dark else "light", reduced_motion="reduce")
    clean(page, "lessons")
    page.click(".card >> text=Managed misalignment")
    ready(page)
    clean(page, "story")
    page.click("text=Next: Vote")
    clean(page, "vote")
    page.click(".steps >> text=Why")
    page.click("text=Reveal why")
    page.wait_for_selector(".finding")
    page.evaluate(f"{NOW}.play(false); {NOW}.t = {NOW}.end; Coherence.app.refresh()")
    clean(page, "why")
    page.click(".steps >> text=Try")
    clean(page, "experiment")
    page.click("role=tab[name=Steer]")
    clean(page, "steer")
    page.click("role=tab[name=Shocks]")
    clean(page, "shocks")
    page.click("role=tab[name=Class]")
    page.wait_for_selector(".qr")
    clean(page, "class")
    page.click("header >> text=Key")
    clean(page, "key")


def test_phone_trainer_guide_and_report_have_no_violations(visit, client):
    def control(act, **more):
        return client.post("/api/trainer", json={"act": act, **more}).json()

    control("class")
    phone, _ = visit("/j", 390, 844)
    clean(phone, "join")
    phone.fill("#code", control("stage", stage="vote", lesson="spiral")["code"])
    phone.click("text=Join >> nth=-1")
    phone.wait_for_selector("text=Nobody sees your vote")
    clean(phone, "vote")
    phone.click("main button >> nth=0")
    phone.wait_for_selector("[aria-pressed=true]")
    clean(phone, "voted")
    control("close", lesson="spiral")
    control("stage", stage="crew")
    control("crew", own=True)
    phone.wait_for_selector("#oar")
    phone.locator("#oar").fill("30")
    clean(phone, "crew")
    phone.wait_for_timeout(400)
    control("crew_end")
    control("stage", stage="puzzle", lesson="spiral")
    phone.click("text=Team 1")
    phone.wait_for_selector("text=Try on forty firms")
    clean(phone, "puzzle")
    for path in ("/trainer", "/guide/spiral", "/class/report"):
        page, _ = visit(path)
        page.wait_for_selector("h2")
        clean(page, path)


def test_the_take_home_file_has_no_violations(browser, tmp_path, shelf):
    context = browser.new_context(bypass_csp=True)  # axe-core comes from outside the file
    page = context.new_page()
    page.goto(home_file(tmp_path / "home.html", shelf, "spiral").as_uri())
    wait(page, READY)
    clean(page, "story")
    page.click(".steps >> text=Explore")
    clean(page, "explore")
    context.close()


CONTRAST = """
async () => {
  const { THEMES, SCALE, alignColour } = await import("/static/colours.js");
  const parse = (c) => c.startsWith("#") ? [1, 3, 5].map((i) => parseInt(c.slice(i, i + 2), 16)) : c.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
  const over = (top, ground) => top.slice(0, 3).map((v, i) => (1 - (top[3] ?? 1)) * ground[i] + (top[3] ?? 1) * v);
  const found = [];
  for (const [name, t] of Object.entries(THEMES)) {
    const hull = parse(t.hull), flooded = over(parse(t.bilge), hull);
    for (const text of ["ink", "soft", "bad", "vision", "base", "change", "market"])
      for (const ground of ["water", "paper"]) found.push([4.5, name, text, ground, contrast(parse(t[text]), parse(t[ground]))]);
    for (const shape of ["ink", "pay", "bad", "rim"]) found.push([3, name, shape, "hull", contrast(parse(t[shape]), hull)]);
    for (let c = -1; c <= 1; c += 0.125)
      for (const [ground, colour] of [["hull", hull], ["flooded hull", flooded]])
        found.push([3, name, `person ${c}`, ground, contrast(parse(alignColour(c, name)), colour)]);
  }
  return found.filter(([least, , , , is]) => is < least);
}
"""


def test_all_that_is_drawn_stands_out_from_its_ground(visit):
    page, _ = visit()
    assert page.evaluate(CONTRAST) == []


@pytest.mark.parametrize(("width", "height"), [(640, 360), (390, 844)])
def test_enlarged_and_on_a_phone_everything_can_be_reached_by_scrolling_down(visit, width, height):
    page, watched = visit(width=width, height=height)  # 1280 x 720 at 200 % is 640 x 360
    page.click(".card >> text=The spiral")
    ready(page)
    page.click("text=Next: Vote")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
    button = page.locator(".lesson > button.primary")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= height
    assert page.locator(".stage").bounding_box()["height"] >= 300
    watched.clean()


def test_presentation_fits_a_projector_of_1280_by_720(visit):
    page, watched = visit()
    page.click(".card >> text=The spiral")
    ready(page)
    page.keyboard.press("p")
    page.click("text=Next: Vote")
    for name in ("header", ".stage", ".charts", "aside"):
        box = page.locator(name).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 1281
        assert box["y"] + box["height"] <= 721
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".stage").bounding_box()["height"] >= 300
    watched.clean()


def test_the_keyboard_alone_goes_through_a_lesson_and_focus_stays_in_it(visit):
    page, watched = visit(reduced_motion="reduce")
    page.keyboard.press("Enter")  # the first lesson has the focus
    ready(page)
    page.locator(".next").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.className") == "step-title"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.lesson') !== null")
    page.keyboard.press("?")
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    page.click("role=tab[name=Steer]")
    slider = page.locator("#lever-1")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert re.match(r"0\.\d\d, from steady to every news", slider.get_attribute("aria-valuetext"))
    assert page.evaluate(f"{NOW}.still")
    watched.clean()
