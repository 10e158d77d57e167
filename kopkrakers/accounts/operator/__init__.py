"""What the commands of whoever runs the server share."""
