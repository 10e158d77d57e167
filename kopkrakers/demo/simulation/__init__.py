"""Measure with the real counter how far published figures lie from the truth."""
