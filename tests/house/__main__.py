"""Prune the list of files that do not keep a rule yet: `python -m tests.house`."""

from tests.house.exceptions import prune

if __name__ == "__main__":
    print(f"{prune()} exceptions are left.")
