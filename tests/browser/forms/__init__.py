"""Forms: what is typed in them is not lost, and does not come out of a printer."""
