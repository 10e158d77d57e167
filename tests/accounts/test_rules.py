"""Rules about addresses, names, roles, links and where to go next."""

import pytest

from kopkrakers.accounts import rules
from kopkrakers.accounts.models import InvitationKind, Role, Status
from kopkrakers.accounts.rules import LinkStep, landing_path
from kopkrakers.base.errors import NotAllowed, TooLate, WrongInput
from kopkrakers.base.typed import canonical_address, clean_address


@pytest.mark.parametrize(
    "typed",
    [
        "anna@zaanstad.nl",
        " Anna@Zaanstad.NL ",
        "anna+kopkrakers@zaanstad.nl",
        "anna+a+b@zaanstad.nl",
        "ａｎｎａ@zaanstad.nl",
    ],
)
def test_one_address_has_one_form(typed: str) -> None:
    assert canonical_address(clean_address(typed)) == "anna@zaanstad.nl"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "anna",
        "@zaanstad.nl",
        "+tag@zaanstad.nl",
        "anna@zaanstad",
        "anna @zaanstad.nl",
        "anna@zaanstad.nl\nBcc: iedereen@zaanstad.nl",
        "anna🐈@zaanstad.nl",
        "anna@-zaanstad.nl",
        "anna@zaanstad..nl",
        "anna,bram@zaanstad.nl",
        "a" * 250 + "@zaanstad.nl",
    ],
)
def test_what_is_no_address_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(WrongInput, match=r"naam@gemeente\.nl") as refused:
        clean_address(typed)
    assert refused.value.field == "adres"


def test_only_work_domains_count_where_they_are_set() -> None:
    rules.check_domain("anna@zaanstad.nl", ("zaanstad.nl", "almere.nl"))
    rules.check_domain("anna@gmail.com", ())
    with pytest.raises(WrongInput, match=r"@zaanstad\.nl of @almere\.nl"):
        rules.check_domain("anna@nep-zaanstad.nl", ("zaanstad.nl", "almere.nl"))


def test_a_mark_tells_addresses_apart_but_needs_the_key() -> None:
    mark = rules.address_pseudonym("anna@zaanstad.nl", b"sleutel")
    assert mark == rules.address_pseudonym("anna@zaanstad.nl", b"sleutel") and len(mark) == 64
    assert mark != rules.address_pseudonym("bram@zaanstad.nl", b"sleutel")
    assert mark != rules.address_pseudonym("anna@zaanstad.nl", b"andere sleutel")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Anna   de\tVries ", "Anna de Vries"),
        ("Çağla 🐈‍⬛", "Çağla 🐈‍⬛"),
        ("O'Neill-van 't Hof",) * 2,
        ("An\x00na", "Anna"),
        ("Anna\x1b[31m", "Anna[31m"),
        ("Anna \u202egro.dlrow", "Anna gro.dlrow"),
        ("An\u00adna\u200b de Vries", "Anna de Vries"),
    ],
)
def test_names_are_kept_on_one_line(typed: str, kept: str) -> None:
    assert rules.clean_name(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "  ", "\u200b\u00ad", "\u3164", "\ufe0f", "\x00", "\u202e\u2060", "a" * 81]
)
def test_names_of_which_nothing_is_seen_are_refused(typed: str) -> None:
    with pytest.raises(WrongInput) as refused:
        rules.clean_name(typed)
    assert refused.value.field == "naam"


def test_someone_can_have_several_roles() -> None:
    assert rules.check_roles(["begeleider", "klantmanager"]) == {Role.BEGELEIDER, Role.KLANTMANAGER}
    assert rules.check_roles(["onderzoeker", "redacteur"]) == {Role.ONDERZOEKER, Role.REDACTEUR}


@pytest.mark.parametrize("voting", ["klantmanager", "leidinggevende", "begeleider"])
def test_an_onderzoeker_has_no_role_that_votes(voting: str) -> None:
    with pytest.raises(WrongInput, match="stemt niet mee"):
        rules.check_roles(["onderzoeker", voting])


@pytest.mark.parametrize("wished", [[], ["koning"], ["klantmanager", ""]])
def test_unknown_roles_and_no_roles_are_refused(wished: list[str]) -> None:
    with pytest.raises(WrongInput):
        rules.check_roles(wished)


@pytest.mark.parametrize(
    ("kind", "status", "step"),
    [
        (InvitationKind.PERSONAL, None, LinkStep.BEGIN),
        (InvitationKind.ADDRESS, None, LinkStep.BEGIN),
        (InvitationKind.PERSONAL, Status.REMOVED, LinkStep.BEGIN),
        (InvitationKind.ADDRESS, Status.ACTIVE, LinkStep.JOIN_TEAM),
        (InvitationKind.RESET, Status.ACTIVE, LinkStep.CHOOSE_PASSWORD),
    ],
)
def test_a_link_leads_on(kind: InvitationKind, status: Status | None, step: LinkStep) -> None:
    assert step_of(kind, status) is step


def step_of(
    kind: InvitationKind,
    status: Status | None,
    *,
    mailed: bool = True,
    sends_mail: bool = True,
    same_gemeente: bool = True,
) -> LinkStep:
    """Return the step of a link to a team."""
    return rules.step_for(
        kind,
        status=status,
        mailed=mailed,
        sends_mail=sends_mail,
        same_gemeente=same_gemeente,
        to_team=True,
    )


@pytest.mark.parametrize("status", [Status.ACTIVE, Status.REMOVED, Status.BLOCKED])
def test_a_printed_link_opens_no_account_of_someone_else(status: Status) -> None:
    with pytest.raises(TooLate):
        step_of(InvitationKind.RESET, status, mailed=False)


@pytest.mark.parametrize("same_gemeente", [True, False])
@pytest.mark.parametrize("status", [None, Status.ACTIVE, Status.REMOVED, Status.BLOCKED])
@pytest.mark.parametrize("kind", [InvitationKind.PERSONAL, InvitationKind.ADDRESS])
def test_a_printed_link_leads_to_the_same_step_for_every_account(
    kind: InvitationKind, status: Status | None, same_gemeente: bool
) -> None:
    steps = []
    for sends_mail in (True, False):
        steps.append(
            step_of(kind, status, mailed=False, sends_mail=sends_mail, same_gemeente=same_gemeente)
        )
    assert steps == [LinkStep.PROVE, LinkStep.BEGIN]


@pytest.mark.parametrize("kind", list(InvitationKind))
def test_an_account_of_another_gemeente_is_not_reached_by_a_link(kind: InvitationKind) -> None:
    with pytest.raises(TooLate):
        step_of(kind, Status.ACTIVE, same_gemeente=False)


@pytest.mark.parametrize("kind", list(InvitationKind))
def test_no_link_opens_a_blocked_account(kind: InvitationKind) -> None:
    with pytest.raises(NotAllowed, match="staat stil"):
        step_of(kind, Status.BLOCKED)


@pytest.mark.parametrize(
    ("path", "roles", "arrives"),
    [
        ("/", {"klantmanager"}, "/"),
        ("/", {"beheerder"}, "/beheer"),
        ("/", {"onderzoeker"}, "/onderzoek"),
        ("/", {"beheerder", "onderzoeker"}, "/beheer"),
        ("/", {"beheerder", "begeleider"}, "/"),
        ("/", {"redacteur"}, "/redactie"),
        ("/archief", {"beheerder"}, "/archief"),
    ],
)
def test_who_answers_no_dilemmas_arrives_at_their_own_work(
    path: str, roles: set[str], arrives: str
) -> None:
    assert landing_path(path, roles) == arrives
