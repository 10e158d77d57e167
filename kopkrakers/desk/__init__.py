"""The desk of the redactie: what people send in, and what becomes of it."""
