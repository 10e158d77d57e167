"""Closing the edition of a site."""

from kopkrakers.catalogue.editions.models import Edition
from tests.support.pages import Site


def close(site: Site) -> None:
    """Today's edition takes no more answers and was emptied."""
    with site.state.database.transaction() as session:
        edition = session.get(Edition, (site.slug, 1))
        assert edition is not None
        edition.frozen = edition.settled = True
