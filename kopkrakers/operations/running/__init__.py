"""The programs that run all day, what keeps them running, and what each needs to begin."""
