"""How one gets to each page in each state; `table` names them all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlmodel import Session

from kopkrakers.accounts import invitations, teams
from kopkrakers.accounts.chain.changes import changing
from kopkrakers.accounts.models import Change, Role
from kopkrakers.accounts.service import put_in_team
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.answers.models import Participation
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.base.keys import Use, keys_for
from kopkrakers.intervisie.agenda.service import add_wish
from tests.browser.parts.live_site import CLOSED, EARLIER, TODAY, LiveSite
from tests.browser.parts.phone import Visit
from tests.browser.parts.walking import answer, choose, choose_password, take_back, werkwijze
from tests.support.polling import give_pools
from tests.support.world import ROW_KEYS, add_team

KLANTMANAGER, BEGELEIDER, BEHEERDER = Role.KLANTMANAGER, Role.BEGELEIDER, Role.BEHEERDER


@dataclass
class Stage:
    """The site and the phones of a step."""

    live: LiveSite
    visit: Visit

    def open(
        self, url: str, *roles: Role, who: Visitor | None = None, team: str = "Team Noord"
    ) -> Page:
        """A page as this person sees it, or someone new with these roles; else as nobody."""
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
        page.evaluate(
            "document.querySelectorAll('form').forEach((form) => { form.noValidate = true })"
        )
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


def invitation_printed(stage: Stage) -> Page:
    return stage.open(stage.live.invitation("Papier", mailed=False))


def new_password(stage: Stage) -> Page:
    live, person = stage.live, stage.live.person()
    token = stage.write(
        lambda session: invitations.replace_password(
            session, person.gemeente_id, person.id, now=live.clock(), mailed=True, row_keys=ROW_KEYS
        )
    )
    return stage.open(f"/uitnodiging/{token}")


def team_link_page(stage: Stage) -> Page:
    world = stage.live.world
    return stage.open(
        f"/t/{stage.write(lambda s: teams.renew_link(s, world.zaanstad, world.team_noord))}"
    )


def team_to_join(stage: Stage) -> Page:
    live, world = stage.live, stage.live.world
    person = live.person(team="")

    def invite(session: Session) -> str:
        token = teams.renew_link(session, world.zaanstad, world.team_noord)
        return invitations.invite_by_team_link(
            session,
            teams.team_of_link(session, token),
            f"{person.name.lower()}@voorbeeld.nl",
            now=live.clock(),
            row_keys=ROW_KEYS,
        )

    return stage.open(f"/uitnodiging/{stage.write(invite)}", who=person)


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
    """The figures of the land and, in a tab, of a gemeente that is counted apart."""
    state = stage.live.site(EARLIER).state
    keys = mac_keys(state.settings)
    stage.write(lambda session: give_pools(session, keys, state.today()))
    stage.live.site(TODAY).tick()
    page = stage.open("/", KLANTMANAGER)
    answer(page, EARLIER, "Ik zou iets anders doen")
    open_everything(page)
    page.get_by_role("tab", name="Alle gemeenten").click()
    return page


def taken_back(stage: Stage) -> Page:
    page = result_without_figures(stage)
    take_back(page)
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
        voter = Voter(person.id, stage.live.site(TODAY).state.turn_keys)
        rows = [
            Participation(pseudonym=voter.on(slug, 1), dilemma=slug, edition=1, state=state)
            for slug in (TODAY, EARLIER)
        ]
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
    keys = keys_for(Use.WISHES, live.site(TODAY).state.settings)
    wishes = [(live.person(), slug) for slug in (TODAY, TODAY, TODAY, EARLIER)]

    def wish(session: Session) -> None:
        for person, slug in wishes:
            add_wish(
                session,
                live.site(TODAY).state.library,
                user_id=person.id,
                team_id=team_id,
                dilemma=slug,
                keys=keys,
            )

    stage.write(wish)
    return stage.open("/team", BEGELEIDER)


def small_team_of_two(stage: Stage) -> Page:
    """In two teams, of which one is too small for an agenda."""
    person, world = stage.live.person(), stage.live.world

    def join_small_team(session: Session) -> None:
        small = add_team(session, world.zaanstad, f"Klein {person.id}")
        with changing(session, ROW_KEYS, person.id, Change.TEAMS):
            put_in_team(session, person.id, small)

    stage.write(join_small_team)
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
    page.get_by_label("Werkadres").fill(
        "een.heel.lange.voornaam.en.achternaam@gemeente-met-een-lange-naam.example"
    )
    page.get_by_text("Op papier").click()
    page.get_by_role("button", name="Maak de uitnodiging").click()
    expect(page.get_by_text("Print of kopieer dit nu")).to_be_visible()
    return page


def beheer_with_invitation(stage: Stage) -> Page:
    """Also with the longest name, in one word."""
    stage.live.invitation("Wachtend" * 10)
    return stage.open("/beheer", BEHEERDER)


def beheer_nobody_found(stage: Stage) -> Page:
    """Enough people to have to search."""
    for _ in range(11):
        stage.live.person()
    page = stage.open("/beheer", BEHEERDER)
    page.get_by_label("Zoek op naam").fill("zzz")
    expect(page.get_by_role("heading", name="Niemand gevonden")).to_be_visible()
    return page


def signed_out_while_choosing(stage: Stage) -> Page:
    page = stage.open("/", KLANTMANAGER)
    choose(page, "Ik doe het anders")
    page.context.clear_cookies()
    page.get_by_role("button", name="Doe mijn keuze in de bus").click()
    expect(page.get_by_text("Daarna staat je keuze er weer.")).to_be_visible()
    return page


def no_day_at_all(stage: Stage) -> Page:
    """Vandaag before the first dilemma."""
    now = stage.live.clock.moment
    stage.live.clock.moment = now - timedelta(weeks=40)
    try:
        return stage.open("/", KLANTMANAGER)
    finally:
        stage.live.clock.moment = now
