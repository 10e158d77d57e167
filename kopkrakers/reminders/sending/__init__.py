"""The courier: a process of its own that sends what people asked for, when they asked for it."""
