"""What pages cost on a small server and on a large one."""
