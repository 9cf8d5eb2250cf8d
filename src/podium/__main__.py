"""Lets `python -m podium` be the command line."""

from podium.app.cli import main

if __name__ == "__main__":
    main()
