"""`python -m kopkrakers`: the command, wherever its script is installed."""

from kopkrakers.cli import main

if __name__ == "__main__":
    main()
