"""What the processes beside the website share."""
