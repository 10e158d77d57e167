"""The table of the walk: every page in every state, by name."""

from kopkrakers.accounts.models import Role
from tests.browser.parts.live_site import CLOSED, EARLIER
from tests.browser.parts.states import (
    BEGELEIDER,
    BEHEERDER,
    KLANTMANAGER,
    State,
    beheer_nobody_found,
    beheer_with_invitation,
    chosen,
    empty_answer,
    invitation,
    invitation_of_someone_else,
    invitation_printed,
    invitation_used,
    narrowed,
    new_password,
    no_day_at_all,
    on_agenda,
    on_paper,
    person_page,
    practised,
    result_with_figures,
    result_without_figures,
    seen_by,
    sent,
    signed_out_while_choosing,
    small_team_of_two,
    taken_back,
    team_agenda,
    team_link_page,
    team_to_join,
    too_late,
    turn,
)

COMING_IN: dict[str, State] = {
    "sign in": seen_by("/inloggen"),
    "signed out while choosing": signed_out_while_choosing,
    "sign in refused": sent(
        seen_by("/inloggen"),
        "Log in",
        until="werkadres of je wachtwoord klopt niet",
        adres="piet@voorbeeld.nl",
        wachtwoord="dit is het niet",
    ),
    "password forgotten": seen_by("/wachtwoord-vergeten"),
    "password forgotten, wrong address": sent(
        seen_by("/wachtwoord-vergeten"),
        "Mail mij een link",
        until="Vul een heel mailadres in",
        adres="geen adres",
    ),
    "password forgotten, mailed": sent(
        seen_by("/wachtwoord-vergeten"),
        "Mail mij een link",
        until="Kijk in je mail",
        adres="niemand@voorbeeld.nl",
    ),
    "invitation": invitation,
    "invitation, password too short": sent(
        invitation, "Maak mijn account", until="12 tekens", wachtwoord="kort"
    ),
    "invitation used": invitation_used,
    "invitation unknown": seen_by("/uitnodiging/bestaat-niet"),
    "invitation of someone else": invitation_of_someone_else,
    "invitation on paper": invitation_printed,
    "invitation on paper, mailed": sent(
        invitation_printed, "Mail mij de link", until="Kijk in je mail"
    ),
    "new password by link": new_password,
    "team link": team_link_page,
    "team link, wrong address": sent(
        team_link_page, "Mail mij de link", until="Vul een heel mailadres", adres="geen"
    ),
    "team link, mailed": sent(
        team_link_page, "Mail mij de link", until="Kijk in je mail", adres="nieuw@voorbeeld.nl"
    ),
    "another team to join": team_to_join,
    "no network": seen_by("/zonder-verbinding", KLANTMANAGER),
    "closed while an answer waited": seen_by(f"/dilemma/{CLOSED}/1/te-laat", KLANTMANAGER),
    "privacy": seen_by("/privacy"),
    "zo tellen we": seen_by("/zo-tellen-we"),
    "toegankelijkheid": seen_by("/toegankelijkheid"),
    "uitleg": seen_by("/uitleg"),
    "not found": seen_by("/bestaat-niet"),
    "broken": seen_by("/stuk"),
}
THE_DAY: dict[str, State] = {
    "today": seen_by("/", KLANTMANAGER),
    "today, chosen": chosen,
    "today, nothing chosen": empty_answer,
    "today, answered": turn("in_box", "/"),
    "today for whoever does not vote": seen_by("/", Role.ONDERZOEKER, team=""),
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
        seen_by(f"/dilemma/{EARLIER}/klopt-niet", KLANTMANAGER),
        "Stuur naar de redactie",
        until="Schrijf op",
    ),
    "archive": seen_by("/archief", KLANTMANAGER),
    "archive, nothing found": seen_by("/archief?zoek=xyz", KLANTMANAGER),
    "archive, narrowed": narrowed,
    "index": seen_by("/abc", KLANTMANAGER),
    "index, a letter": seen_by("/abc?letter=h", KLANTMANAGER),
    "index, nothing found": seen_by("/abc?zoek=xyz", KLANTMANAGER),
}
TEAM_AND_ACCOUNT: dict[str, State] = {
    "team, empty agenda": seen_by("/team", KLANTMANAGER),
    "team, agenda": team_agenda,
    "team, too small": small_team_of_two,
    "no team": seen_by("/team", KLANTMANAGER, team=""),
    "account": seen_by("/account", BEGELEIDER, BEHEERDER, Role.LEIDINGGEVENDE),
    "account, no such day for a pause": sent(
        seen_by("/account", KLANTMANAGER), "Pauze tot en met die dag", until="Kies een dag"
    ),
    "account, pausing": sent(
        seen_by("/account", KLANTMANAGER), "Twee weken", until="Tot dan krijg je geen"
    ),
    "experience": seen_by("/account/ervaring", KLANTMANAGER),
    "agenda link": seen_by("/account/agenda", KLANTMANAGER),
    "agenda link, made": sent(
        seen_by("/account/agenda", KLANTMANAGER), "Maak mijn agendalink", until="Kopieer deze link"
    ),
    "what is new": seen_by("/nieuw", KLANTMANAGER),
    "change password": seen_by("/account/wachtwoord", KLANTMANAGER),
    "change password, empty": sent(
        seen_by("/account/wachtwoord", KLANTMANAGER),
        "Verander mijn wachtwoord",
        until="Vul je wachtwoord in",
    ),
    "herinneringen": seen_by("/account/herinneringen", KLANTMANAGER),
    "team, message": seen_by("/team/1/bericht", BEHEERDER),
    "leave": seen_by("/account/verwijderen", KLANTMANAGER),
    "beheer": beheer_with_invitation,
    "beheer, nobody found": beheer_nobody_found,
    "beheer, team without a name": sent(
        seen_by("/beheer", BEHEERDER), "Maak het team", until="Vul een naam in"
    ),
    "beheer, asking a second step": seen_by("/beheer/tweede-stap", BEHEERDER),
    "beheer, regio": seen_by("/beheer/regio", BEHEERDER),
    "beheer, regio with nobody": sent(
        seen_by("/beheer/regio", BEHEERDER), "Stuur het voorstel", until="Noem minstens één"
    ),
    "beheer, a proposal": sent(
        seen_by("/beheer/regio", BEHEERDER),
        "Stuur het voorstel",
        until="Wat dit betekent",
        naam="Zaanstreek",
        gemeenten="Almere",
    ),
    "beheer, actions": seen_by("/beheer/handelingen", BEHEERDER),
    "account, actions": seen_by("/account/handelingen", BEHEERDER),
    "beheer, invite": seen_by("/beheer/uitnodigen", BEHEERDER),
    "beheer, invite nobody": sent(
        seen_by("/beheer/uitnodigen", BEHEERDER), "Maak de uitnodiging", until="Vul een naam in"
    ),
    "beheer, list with a fault": sent(
        seen_by("/beheer/uitnodigen/lijst", BEHEERDER),
        "Kijk wat er gebeurt",
        until="Er is niemand uitgenodigd",
        mensen="Nova; geen adres",
    ),
    "beheer, list to send": sent(
        seen_by("/beheer/uitnodigen/lijst", BEHEERDER),
        "Kijk wat er gebeurt",
        until="Klopt deze lijst?",
        mensen="Nova; nova@voorbeeld.nl; Team Noord",
    ),
    "beheer, invitation on paper": on_paper,
    "beheer, team": seen_by("/beheer/teams/1", BEHEERDER),
    "beheer, team link": sent(
        seen_by("/beheer/teams/1", BEHEERDER), "Maak een", until="Print of kopieer dit nu"
    ),
    "beheer, person": person_page(blocked=False),
    "beheer, person blocked": person_page(blocked=True),
    "beheer, remove a person": seen_by("/beheer/mensen/1/verwijderen", BEHEERDER),
    "beheer for somebody who is none": seen_by("/beheer", KLANTMANAGER),
}
DEMO: dict[str, State] = {
    "demo, sign in": seen_by("/inloggen"),
    "demo, before the first dilemma": no_day_at_all,
    "demo, result": result_without_figures,
    "demo, no mail: password forgotten": seen_by("/wachtwoord-vergeten"),
    "demo, no mail: team": seen_by("/beheer/teams/1", BEHEERDER),
    "demo, no mail: invite": seen_by("/beheer/uitnodigen", BEHEERDER),
}
