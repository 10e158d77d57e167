"""A new password by mail, beside the request.

The page answers the same, as fast, whether the address is known or not.
"""

from concurrent.futures import ThreadPoolExecutor

import structlog
from sqlalchemy.exc import SQLAlchemyError

from kopkrakers.accounts import invitations, mails
from kopkrakers.accounts.rules import address_keys
from kopkrakers.base.errors import NotNow
from kopkrakers.base.mail import send_mail
from kopkrakers.web.state import AppState

log = structlog.get_logger()
_aside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="recovery")


def mail_link_later(state: AppState, address: str) -> None:
    """Look the address up and mail its owner a link, after this request has been answered."""
    _aside.submit(_mail_link, state, address)


def _mail_link(state: AppState, address: str) -> None:
    settings = state.settings
    try:
        with state.database.transaction() as session:
            keys = address_keys(settings)
            reset = invitations.reset_by_mail(
                session, address, now=state.now(), keys=keys, row_keys=state.row_keys
            )
        if reset is not None:
            token, mailbox = reset
            send_mail(settings, mailbox, *mails.reset(mails.link_to(settings, token)))
    except (NotNow, SQLAlchemyError) as error:
        log.warning("a link for a new password was not mailed", kind=type(error).__name__)
