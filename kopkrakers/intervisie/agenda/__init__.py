"""The agenda of a team: which dilemmas colleagues want to talk about, never who."""
