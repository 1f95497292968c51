"""``python -m pgretrieve``: the command line, where the script is not on the path."""

from pgretrieve.cli import main

if __name__ == "__main__":
    main()
