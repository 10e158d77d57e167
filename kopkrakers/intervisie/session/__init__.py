"""A live session: planning, votes, reasons, agreements and the report. Knows no Flask."""
