"""The table of the walk: every page in every state, each with how one gets there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlmodel import Session

from kopkrakers.accounts import invitations, teams
from kopkrakers.accounts.models import Membership, Role
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.answers.models import Participation
from kopkrakers.intervisie.service import add_wish
from tests.browser.conftest import Visit
from tests.browser.live import CLOSED, EARLIER, TODAY, Live
from tests.browser.walking import answer, choose, choose_password, werkwijze
from tests.world import add_team

KLANTMANAGER, BEGELEIDER, BEHEERDER = Role.KLANTMANAGER, Role.BEGELEIDER, Role.BEHEERDER


@dataclass
class Stage:
    """What a step needs: the site, and phones."""

    live: Live
    visit: Visit

    def open(self, url: str, *roles: Role, who: Visitor | None = None, team: str = "Team Noord") -> Page:
        """A page as someone new with these roles sees it, or this person; as nobody without either."""
        visitor = who or (self.live.person(*roles, team=team) if roles else None)
        page = self.visit(visitor, site=self.live)
        page.goto(url)
        return page

    def write(self, do: Callable[[Session], object]) -> object:
        """Do something to the database."""
        with self.live.database.transaction() as session:
            return do(session)


State = Callable[[Stage], Page]


def seen_by(url: str, *roles: Role, team: str = "Team Noord") -> State:
    """A page that one only has to open."""
    return lambda stage: stage.open(url, *roles, team=team)


def sent(state: State, button: str, *, until: str, **fields: str) -> State:
    """A page after its form was filled in and sent without the browser's own checks."""

    def send(stage: Stage) -> Page:
        page = state(stage)
        for name, value in fields.items():
            page.locator(f"[name={name}]").fill(value)
        page.evaluate("document.querySelectorAll('form').forEach((form) => { form.noValidate = true })")
        page.get_by_role("button", name=button).first.click()
        expect(page.get_by_text(until).first).to_be_visible()
        return page

    return send


# Coming in


def invitation(stage: Stage) -> Page:
    return stage.open(stage.live.invitation("Nieuw"))


def invitation_used(stage: Stage) -> Page:
    link = stage.live.invitation("Gebruikt")
    first = stage.open(link)
    choose_password(first)
    expect(first.get_by_text("Je account is klaar")).to_be_visible()
    return stage.open(link)


def invitation_of_someone_else(stage: Stage) -> Page:
    return stage.open(stage.live.invitation("Ander"), KLANTMANAGER)


def new_password(stage: Stage) -> Page:
    live, person = stage.live, stage.live.person()
    token = stage.write(
        lambda session: invitations.replace_password(
            session, person.gemeente_id, person.id, now=live.clock(), mailed=True
        )
    )
    return stage.open(f"/uitnodiging/{token}")


def team_door(stage: Stage) -> Page:
    world = stage.live.world
    return stage.open(f"/t/{stage.write(lambda s: teams.renew_link(s, world.zaanstad, world.team_noord))}")


def team_to_join(stage: Stage) -> Page:
    live, world = stage.live, stage.live.world
    person = live.person(team="")

    def knock(session: Session) -> str:
        door = teams.door(session, teams.renew_link(session, world.zaanstad, world.team_noord))
        return invitations.knock(session, door, f"{person.name.lower()}@voorbeeld.nl", now=live.clock())

    return stage.open(f"/uitnodiging/{stage.write(knock)}", who=person)


# The day


def chosen(stage: Stage) -> Page:
    page = stage.open("/", KLANTMANAGER)
    choose(page, "Ik zou iets anders doen")
    page.get_by_label("Wat zou je doen?").fill("Eerst bellen.")
    return page


def empty_answer(stage: Stage) -> Page:
    page = stage.open("/", KLANTMANAGER)
    page.evaluate("document.querySelectorAll('form').forEach((form) => { form.noValidate = true })")
    werkwijze(page, "Ik doe het zo").check()
    page.get_by_role("button", name="Doe mijn keuze in de bus").click()
    expect(page.locator(".utrecht-alert--error[data-focus]")).to_be_visible()
    return page


def result_without_figures(stage: Stage) -> Page:
    page = stage.open("/", KLANTMANAGER)
    answer(page, TODAY)
    return page


def result_with_figures(stage: Stage) -> Page:
    page = stage.open("/", KLANTMANAGER)
    answer(page, EARLIER, "Ik zou iets anders doen")
    open_everything(page)
    page.get_by_role("tab", name="Zaanstad").click()
    page.get_by_role("tab", name="Wet en regels").click()
    return page


def taken_back(stage: Stage) -> Page:
    page = result_without_figures(stage)
    page.get_by_role("button", name="Neem mijn antwoord terug").click()
    expect(page.get_by_text("Je hebt je antwoord teruggenomen.")).to_be_visible()
    return page


def on_agenda(stage: Stage) -> Page:
    page = result_without_figures(stage)
    page.get_by_role("button", name="Zet op onze agenda").click()
    expect(page.get_by_text("Dit staat nu op de agenda")).to_be_visible()
    return page


def turn(state: str, url: str) -> State:
    """A page for someone whose turn on both open dilemmas became this."""

    def open_it(stage: Stage) -> Page:
        person = stage.live.person()
        rows = [Participation(user_id=person.id, dilemma=slug, edition=1, state=state) for slug in (TODAY, EARLIER)]
        stage.write(lambda session: session.add_all(rows))
        page = stage.open(url, who=person)
        open_everything(page)
        return page

    return open_it


def too_late(stage: Stage) -> Page:
    person = stage.live.person()
    first, second = stage.open("/", who=person), stage.open("/", who=person)
    answer(first, TODAY)
    choose(second, "Ik doe het zo")
    second.get_by_role("button", name="Doe mijn keuze in de bus").click()
    expect(second.get_by_role("heading", name="Dit kan niet meer")).to_be_visible()
    return second


def practised(stage: Stage) -> Page:
    page = stage.open(f"/dilemma/{CLOSED}", KLANTMANAGER)
    werkwijze(page, "Ik doe het zo").check()
    page.get_by_role("button", name="Laat de uitslag zien").click()
    expect(page.get_by_text("Jij koos: Ik doe het zo")).to_be_visible()
    return page


def narrowed(stage: Stage) -> Page:
    page = stage.open("/archief?thema=&beurt=gedaan", KLANTMANAGER)
    open_everything(page)
    return page


def open_everything(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")


# The team


def team_agenda(stage: Stage) -> Page:
    """Three colleagues ask for one dilemma, one for another; the begeleider can take them off."""
    live, team_id = stage.live, stage.live.world.team_noord
    secret = live.site(TODAY).state.settings.secret_key.get_secret_value()
    wishes = [(live.person(), slug) for slug in (TODAY, TODAY, TODAY, EARLIER)]

    def wish(session: Session) -> None:
        for person, slug in wishes:
            add_wish(
                session,
                live.site(TODAY).state.library,
                user_id=person.id,
                team_id=team_id,
                dilemma=slug,
                secrets=[secret],
            )

    stage.write(wish)
    return stage.open("/team", BEGELEIDER)


def small_team_of_two(stage: Stage) -> Page:
    """In two teams, of which one is too small for an agenda."""
    person, world = stage.live.person(), stage.live.world
    stage.write(
        lambda session: session.add(
            Membership(user_id=person.id, team_id=add_team(session, world.zaanstad, f"Klein {person.id}"))
        )
    )
    return stage.open("/team", who=person)


# The beheerder


def person_page(*, blocked: bool) -> State:
    """The page of a colleague, whose account stands still or not."""

    def open_it(stage: Stage) -> Page:
        page = stage.open(f"/beheer/mensen/{stage.live.person().id}", BEHEERDER)
        if blocked:
            page.get_by_role("button", name="Zet het account stil").click()
            expect(page.get_by_text("Dit account staat stil.").first).to_be_visible()
        return page

    return open_it


def on_paper(stage: Stage) -> Page:
    page = stage.open("/beheer/uitnodigen", BEHEERDER)
    page.get_by_label("Naam").fill("Een heel lange naam van iemand in een heel grote gemeente")
    page.get_by_label("Werkadres").fill("een.heel.lange.voornaam.en.achternaam@gemeente-met-een-lange-naam.example")
    page.get_by_text("Op papier").click()
    page.get_by_role("button", name="Maak de uitnodiging").click()
    expect(page.get_by_text("Print of kopieer dit nu")).to_be_visible()
    return page


def beheer_with_invitation(stage: Stage) -> Page:
    stage.live.invitation("Wachtend")
    return stage.open("/beheer", BEHEERDER)


def no_day_at_all(stage: Stage) -> Page:
    """Vandaag before the first dilemma."""
    now = stage.live.clock.moment
    stage.live.clock.moment = now - timedelta(weeks=40)
    try:
        return stage.open("/", KLANTMANAGER)
    finally:
        stage.live.clock.moment = now


COMING_IN: dict[str, State] = {
    "sign in": seen_by("/inloggen"),
    "sign in refused": sent(
        seen_by("/inloggen"),
        "Log in",
        until="horen niet bij elkaar",
        adres="piet@voorbeeld.nl",
        wachtwoord="dit is het niet",
    ),
    "password forgotten": seen_by("/wachtwoord-vergeten"),
    "password forgotten, wrong address": sent(
        seen_by("/wachtwoord-vergeten"), "Mail mij een link", until="Vul een heel mailadres in", adres="geen adres"
    ),
    "password forgotten, mailed": sent(
        seen_by("/wachtwoord-vergeten"), "Mail mij een link", until="Kijk in je mail", adres="niemand@voorbeeld.nl"
    ),
    "invitation": invitation,
    "invitation, password too short": sent(invitation, "Maak mijn account", until="12 tekens", wachtwoord="kort"),
    "invitation used": invitation_used,
    "invitation unknown": seen_by("/uitnodiging/bestaat-niet"),
    "invitation of someone else": invitation_of_someone_else,
    "new password by link": new_password,
    "team link": team_door,
    "team link, wrong address": sent(team_door, "Mail mij de link", until="Vul een heel mailadres", adres="geen"),
    "team link, mailed": sent(team_door, "Mail mij de link", until="Kijk in je mail", adres="nieuw@voorbeeld.nl"),
    "another team to join": team_to_join,
    "privacy": seen_by("/privacy"),
    "zo tellen we": seen_by("/zo-tellen-we"),
    "toegankelijkheid": seen_by("/toegankelijkheid"),
    "not found": seen_by("/bestaat-niet"),
    "broken": seen_by("/stuk"),
}
THE_DAY: dict[str, State] = {
    "today": seen_by("/", KLANTMANAGER),
    "today, chosen": chosen,
    "today, nothing chosen": empty_answer,
    "today, answered": turn("in_box", "/"),
    "today for who does not vote": seen_by("/", Role.ONDERZOEKER, team=""),
    "result without figures": result_without_figures,
    "result with figures": result_with_figures,
    "result, counted": turn("in_box", f"/dilemma/{EARLIER}/1/uitslag"),
    "result, seen": turn("seen", f"/dilemma/{EARLIER}/1/uitslag"),
    "taken back": taken_back,
    "put on the agenda": on_agenda,
    "too late": too_late,
    "practice": seen_by(f"/dilemma/{CLOSED}", KLANTMANAGER),
    "practised": practised,
    "wrong on a card": seen_by(f"/dilemma/{EARLIER}/klopt-niet", KLANTMANAGER),
    "wrong on a card, nothing said": sent(
        seen_by(f"/dilemma/{EARLIER}/klopt-niet", KLANTMANAGER), "Stuur naar de redactie", until="Schrijf op"
    ),
    "archive": seen_by("/archief", KLANTMANAGER),
    "archive, nothing found": seen_by("/archief?zoek=xyz", KLANTMANAGER),
    "archive, narrowed": narrowed,
}
TEAM_AND_ACCOUNT: dict[str, State] = {
    "team, empty agenda": seen_by("/team", KLANTMANAGER),
    "team, agenda": team_agenda,
    "team, too small": small_team_of_two,
    "no team": seen_by("/team", KLANTMANAGER, team=""),
    "account": seen_by("/account", BEGELEIDER, BEHEERDER, Role.LEIDINGGEVENDE),
    "change password": seen_by("/account/wachtwoord", KLANTMANAGER),
    "change password, empty": sent(
        seen_by("/account/wachtwoord", KLANTMANAGER), "Verander mijn wachtwoord", until="Vul je wachtwoord in"
    ),
    "leave": seen_by("/account/verwijderen", KLANTMANAGER),
    "beheer": beheer_with_invitation,
    "beheer, team without a name": sent(seen_by("/beheer", BEHEERDER), "Maak dit team", until="Vul een naam in"),
    "beheer, invite": seen_by("/beheer/uitnodigen", BEHEERDER),
    "beheer, invite nobody": sent(
        seen_by("/beheer/uitnodigen", BEHEERDER), "Maak de uitnodiging", until="Vul een naam in"
    ),
    "beheer, invitation on paper": on_paper,
    "beheer, team": seen_by("/beheer/teams/1", BEHEERDER),
    "beheer, team link": sent(seen_by("/beheer/teams/1", BEHEERDER), "Maak een", until="Print of kopieer dit nu"),
    "beheer, person": person_page(blocked=False),
    "beheer, person blocked": person_page(blocked=True),
    "beheer, remove a person": seen_by("/beheer/mensen/1/verwijderen", BEHEERDER),
    "beheer for who is none": seen_by("/beheer", KLANTMANAGER),
}
DEMO: dict[str, State] = {
    "demo, sign in": seen_by("/inloggen"),
    "demo, before the first dilemma": no_day_at_all,
    "demo, result": result_without_figures,
    "demo, no mail: password forgotten": seen_by("/wachtwoord-vergeten"),
    "demo, no mail: wrong on a card": seen_by(f"/dilemma/{TODAY}/klopt-niet", KLANTMANAGER),
    "demo, no mail: team": seen_by("/beheer/teams/1", BEHEERDER),
    "demo, no mail: invite": seen_by("/beheer/uitnodigen", BEHEERDER),
}
