"""Code that the processes beside the website share."""
