"""Every table, gathered for Alembic: importing this fills the metadata."""

from sqlmodel import SQLModel

import kopkrakers.accounts.models
import kopkrakers.accounts.trail.models
import kopkrakers.answers.models
import kopkrakers.ballots.models
import kopkrakers.catalogue.editions.models
import kopkrakers.catalogue.stored.models
import kopkrakers.desk.sending.models
import kopkrakers.intervisie.agenda.models
import kopkrakers.intervisie.session.models
import kopkrakers.pools.models
import kopkrakers.reminders.feed.models
import kopkrakers.reminders.models
import kopkrakers.research.models  # noqa: F401

metadata = SQLModel.metadata
