"""Cards of the desk: the same text as a file, kept in the database with its versions."""
