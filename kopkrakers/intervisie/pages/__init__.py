"""The pages of the team and of live sessions."""
