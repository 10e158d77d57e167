"""The chapters and the stellingen that stand in the wording of a session."""
