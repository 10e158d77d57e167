"""Who someone is: gemeente, team, user, invitation, sign-in. Nothing about what anyone chose."""
