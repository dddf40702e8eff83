"""One classroom for all tests: a client for its answers, and a real server with a real browser."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
    "--disable-component-update", "--disable-sync", "--disable-quic",
]  # fmt: skip


@pytest.fixture(scope="session")
def shelf():
    from sim.classroom.lessons import shelf

    return shelf()


class Classroom:
    """A server in a process of its own."""

    def __init__(self, votes, port=0, options=()):
        self.votes, self.port, self.options = votes, port, options
        self.start()

    def start(self):
        command = [sys.executable, "-c", "from sim.cli import main; main()", "teach", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*command, "--votes", str(self.votes), *self.options],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        line = self.process.stdout.readline()
        self.address = re.search(r"http://[\d.]+:\d+", line).group()
        self.port = int(self.address.rsplit(":", 1)[1])

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture(scope="session")
def classroom(tmp_path_factory):
    server = Classroom(tmp_path_factory.mktemp("ballots"), options=["--class", "--host", "127.0.0.1"])
    yield server
    server.kill()


@pytest.fixture(scope="session")
def votes(classroom):
    return classroom.votes


@pytest.fixture(scope="session")
def client(classroom):
    import httpx

    with httpx.Client(base_url=classroom.address, timeout=60) as found:
        yield found


@pytest.fixture(scope="session")
def browser():
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail("CI must have /usr/bin/chromium: apt-get install -y chromium")
        pytest.skip("needs /usr/bin/chromium (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield found
        found.close()


class Watched:
    """A page whose console and requests are watched."""

    def __init__(self, page, allowed):
        self.page, self.wrong, self.outside = page, [], []
        page.on("console", lambda m: self.wrong.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: self.wrong.append(str(e)))
        page.on("request", lambda r: None if r.url.startswith(allowed) else self.outside.append(r.url))

    def clean(self):
        assert self.wrong == []
        assert self.outside == []


@pytest.fixture
def visit(browser, classroom):
    contexts = []

    def open_page(path="/", width=1280, height=720, **more):
        context = browser.new_context(viewport={"width": width, "height": height}, **more)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60000)
        watched = Watched(page, (classroom.address, classroom.address.replace("http", "ws"), "data:", "blob:"))
        page.goto(classroom.address + path)
        if path == "/":
            page.wait_for_selector(".card")
        return page, watched

    yield open_page
    for context in contexts:
        context.close()
