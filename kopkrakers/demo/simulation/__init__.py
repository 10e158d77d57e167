"""How far published figures lie from the truth, measured with the real counter."""
