"""The pages of accounts: signing in, own account, invitations, people and teams."""
