"""What the group writes in a session: boards, werkwijzen of its own, and what phones write."""
