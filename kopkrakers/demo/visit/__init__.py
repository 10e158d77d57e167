"""What whoever looks around in the demo can do there and nowhere else."""
