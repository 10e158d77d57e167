"""Many phones around one session: who asks, what is counted, and what it takes."""
