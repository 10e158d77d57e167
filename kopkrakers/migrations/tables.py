"""Every table, gathered for Alembic: importing this fills the metadata."""

from sqlmodel import SQLModel

import kopkrakers.accounts.models
import kopkrakers.answers.models
import kopkrakers.ballots.models
import kopkrakers.catalogue.models
import kopkrakers.intervisie.live_models
import kopkrakers.intervisie.models
import kopkrakers.research.models  # noqa: F401

metadata = SQLModel.metadata
