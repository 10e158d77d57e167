"""The demo: invented people, teams and weeks of answers, made by the code that real ones use."""
