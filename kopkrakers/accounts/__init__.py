"""Accounts: gemeente, team, user, invitation, sign-in. Nothing about what anyone chose."""
