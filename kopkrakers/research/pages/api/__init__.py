"""`/api/v1`: releases for programs, read-only and by key."""
