"""What a team does together: its agenda, and dilemmas cracked in guided sessions."""
