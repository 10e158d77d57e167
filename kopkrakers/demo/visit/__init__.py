"""Pages for visitors of the demo, that exist nowhere else."""
