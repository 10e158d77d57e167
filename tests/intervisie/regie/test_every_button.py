"""Every button of regie, scherm and phone, found on the pages as a session walks on.

Each is pressed by two devices at once and then again, also from a page of before a restart of the
server: it happens once. After the end each is pressed once more, and nothing changes.
"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kopkrakers.app import create_app
from kopkrakers.ballots.boxes import ENVELOPE
from kopkrakers.intervisie.session import running
from kopkrakers.intervisie.session.reporting import reports
from kopkrakers.intervisie.session.store import PARTICIPANT, REPORT, WAY_BACK
from tests.support.pages import send
from tests.support.sessions.pages import SessionPages
from tests.support.sessions.scene import OWN, SessionScene

PEOPLE = 6
MOST_PRESSES = 160
RESTARTS_EVERY = 25
ENDS = ("/afzeggen", "/einde", "/weg", "/tweede")
"""What a walk does not press on its way."""
WRITTEN = dict.fromkeys(("reden", "woord_0", "cel_0_0", "bord_3"), "Een paar woorden")
TURNS = "/blad"
"""Who presses twice turns twice."""
TAKES_BACK = "/verder"
ANSWERS = ("zeker", "meestemmen")
"""The fields with which a question is answered."""
TOLD = ("stemming", "naar", "doe", "wat", "welkom", "soort", "groot", "uitkomst", *ANSWERS)
"""The fields that make another button of one to the same address."""
OTHERS = {
    "regie.share": "there is no second begeleider to share with",
    "regie.cancel": "a session that is called off has no walk",
}


@dataclass(frozen=True)
class Press:
    """The form of a button, and its address."""

    to: str
    fields: tuple[tuple[str, str], ...]

    @property
    def kind(self) -> tuple[str, ...]:
        """Return the deed of a press, whichever reason or step it is about."""
        what = self.to.rpartition("/")[2]
        if what == "stap":
            return what, "on" if self.by > 0 else "back"
        return what, *(f"{name}={value}" for name, value in self.fields if name in TOLD)

    @property
    def answers(self) -> bool:
        """Whether it answers a question."""
        return any(name in ANSWERS for name, _value in self.fields)

    @property
    def by(self) -> int:
        """Return the number of steps that it goes on."""
        sent = dict(self.fields)
        return int(sent.get("naar", 0)) - int(sent.get("van", 0))


@dataclass
class Form:
    """A form of a page as a browser sends it: of radios the one that this device chooses."""

    action: str
    id: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    radios: dict[str, list[str]] = field(default_factory=dict)


class Page(HTMLParser):
    """The buttons of a page that send a form, in their order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.buttons: list[tuple[str, dict[str, str]]] = []
        self._inside = ""
        self._typed = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("id") or f"form {len(self.forms)}"
            if given.get("method") == "post":
                self.forms.append(Form(given["action"], self._inside))
        elif tag == "button" and given.get("type", "submit") == "submit":
            self.buttons.append((given.get("form", self._inside), given))
        elif tag in ("input", "textarea") and given.get("name"):
            self._keep(given)
            self._typed = tag == "textarea"

    def handle_data(self, data: str) -> None:
        form = self.form(self._inside)
        if self._typed and form is not None:
            name, _nothing = form.fields.pop()
            form.fields.append((name, data.removeprefix("\n")))
            self._typed = False

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = ""
        if tag == "textarea":
            self._typed = False

    def _keep(self, given: dict[str, str]) -> None:
        form = self.form(given.get("form", self._inside))
        if form is None:
            return
        if given.get("type") == "radio":
            form.radios.setdefault(given["name"], []).append(given["value"])
        elif given.get("type") != "checkbox":
            form.fields.append((given["name"], given.get("value", "")))

    def form(self, id_: str) -> Form | None:
        """The form with this id, if it is one that is posted."""
        return next((form for form in self.forms if form.id == id_), None)

    def presses(self, chosen: int) -> Iterator[Press]:
        """Yield the press of each button, when of its radios the one at this place is chosen."""
        for of_form, button in self.buttons:
            form = self.form(of_form)
            if form is None:
                continue
            # who has something to write, writes it
            fields = [(name, value or WRITTEN.get(name, "")) for name, value in form.fields]
            fields += [(name, all_[chosen % len(all_)]) for name, all_ in form.radios.items()]
            if button.get("name"):
                fields.append((button["name"], button.get("value", "")))
            to = button.get("formaction") or form.action
            yield Press(to.partition("#")[0], tuple(fields))


@dataclass
class Walk:
    """A session whose buttons are pressed, with the second device of everyone."""

    pages: SessionPages
    apps: list[Flask] = field(default_factory=list)
    done: Counter[tuple[str, ...]] = field(default_factory=Counter)
    met: dict[Press, FlaskClient] = field(default_factory=dict)

    @property
    def regie(self) -> str:
        return f"/intervisie/{self.pages.code}/regie"

    def facts(self) -> object:
        """All that a press may change, but for the number of changes."""
        scene = self.pages.scene
        view = scene.regie()
        rows = [scene.count(table) for table in (ENVELOPE, PARTICIPANT, REPORT)]
        return replace(view.now, version=0), view.all_reasons, view.rows, view.boards, rows

    def offered(self) -> list[tuple[Press, FlaskClient]]:
        """Every button that somebody can press now: phones first."""
        found = []
        now = self.pages.scene.regie().now
        # else all phones show the same
        asks = now.open_round is not None or not now.roster_locked
        for place, phone in enumerate(self.pages.phones if asks else self.pages.phones[:1]):
            page = Page(phone.get(self.pages.at()).text)
            found += [(press, phone) for press in page.presses(place)]
        page = Page(self.pages.gerda.get(self.regie).text)
        found += [(press, self.pages.gerda) for press in page.presses(0)]
        return [one for one in found if one[0].to.startswith(("/m/", "/intervisie/"))]

    def press(self, press: Press, by: FlaskClient) -> str:
        """By two devices at once, then again: it happens once. Gives what a first answer asked."""
        self.met[press] = by
        self.done[press.kind] += 1
        twin = self.pages.app.test_client()
        twin.application, twin._cookies = by.application, by._cookies

        def send(device: FlaskClient) -> tuple[int, str]:
            answer = device.post(press.to, data=dict(press.fields))
            return answer.status_code, answer.text

        with ThreadPoolExecutor(2) as at_once:
            answers = list(at_once.map(send, (by, twin)))
        before = self.facts()
        answers.append(send(by))
        assert all(status < 500 for status, _page in answers), (press, answers)
        assert press.to.endswith(TURNS) or self.facts() == before, press
        return next((page for status, page in answers if status == 409), "")

    def restart(self) -> None:
        """Another server on the same database. Whoever has a page open keeps it."""
        app = create_app(self.pages.scene.settings, clock=self.pages.scene.clock)
        self.apps.append(app)
        for device in (self.pages.gerda, *self.pages.phones):
            device.application = app

    def rank(self, press: Press) -> float:
        """Return the order of a press: those not pressed yet, then what a vote asks, then on."""
        times = self.done[press.kind]
        what = press.to.rpartition("/")[2]
        if press.to.endswith(ENDS):
            return MOST_PRESSES
        if press.kind == ("stap", "on"):
            return 0.5 if press.by == 1 else 1
        if press.to.endswith("/stemming/terug"):
            return times - 1  # before somebody votes
        if what == "sluit":
            return 0.45  # after everybody voted
        return min(times, 0.4) if what in ("open", "stem", "tabel", "klopt") else times

    def tell_leaves(self) -> None:
        """Let the scherm say that it shows this step on two pages."""
        version = self.pages.scene.regie().now.version
        address = f"/intervisie/{self.pages.code}/scherm/bladen"
        send(self.pages.gerda, address, bladen="2", versie=str(version))

    def on(self) -> bool:
        """Press one more, also what is asked then. False once only the end is left."""
        self.pages.scene.quick()
        self.tell_leaves()
        offered = self.offered()
        press, by = min(offered, key=lambda one: self.rank(one[0]))
        if self.rank(press) >= 1:
            return False
        if len(self.met) % RESTARTS_EVERY == RESTARTS_EVERY - 1:
            self.restart()  # between the page and the press
        asked = self.press(press, by)
        for answer in Page(asked).presses(0):
            if answer.to == press.to and answer.answers and not press.answers:
                self.press(answer, by)
        return True

    def press_all_again(self) -> None:
        """Nothing changes, whoever presses what was met on the way."""
        before = self.facts()
        for press, by in self.met.items():
            if not press.to.endswith(TAKES_BACK):
                answer = by.post(press.to, data=dict(press.fields))
                assert answer.status_code < 500, press
        assert self.facts() == before

    def end(self, what: str) -> None:
        """Press what ends the session, or takes that back, and each answer that it asks for."""
        for press, by in self.offered():
            if press.to.endswith(what):
                asked = self.press(press, by)
                for answer in Page(asked).presses(0):
                    if answer.to == press.to and answer.answers:
                        self.press(answer, by)
                return
        raise AssertionError(what)


def agree_before(scene: SessionScene) -> None:
    """An earlier session with a werkafspraak to look back at."""
    scene.open(OWN)
    scene.lead(running.start)
    scene.lead(reports.set_agreement, number=1, text="We bellen eerst.")
    scene.end()


@pytest.fixture
def walk(pages: SessionPages) -> Iterator[Walk]:
    walk = Walk(pages)
    yield walk
    for app in walk.apps:
        app.extensions["kopkrakers"].database.dispose()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("werkvorm", "without"), [("kraak-45", {"deelnemer.write"}), ("dilemmamethode", set())]
)
def test_every_button_does_it_once_however_often_it_is_pressed(
    walk: Walk, werkvorm: str, without: set[str]
) -> None:
    pages, scene = walk.pages, walk.pages.scene
    agree_before(scene)
    scene.plan(werkvorm=werkvorm)
    assert walk.on(), "the lobby opens"
    scene.quick()
    pages.come_in(PEOPLE)
    walk.end("/weg")
    while walk.on():
        assert len(walk.met) < MOST_PRESSES, walk.done
    walk.end("/einde")
    walk.press_all_again()
    walk.end(TAKES_BACK)
    walk.end("/einde")
    scene.clock.moment += WAY_BACK
    scene.quick()
    walk.press_all_again()
    at = pages.app.url_map.bind("")
    pressed = {at.match(press.to, method="POST")[0] for press in walk.met}
    every = {
        rule.endpoint
        for rule in pages.app.url_map.iter_rules()
        if rule.endpoint.startswith(("regie.", "deelnemer.")) and "POST" in (rule.methods or ())
    }
    assert every - pressed == set(OTHERS) | without, "a button that no walk meets"
