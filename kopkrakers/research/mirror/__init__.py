"""The mirror of a pool: where it stands beside the country, from a release and nothing else."""
