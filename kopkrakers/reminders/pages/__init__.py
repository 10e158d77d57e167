"""The pages of reminders: what somebody chooses under Account, and the link that ends the mail."""
