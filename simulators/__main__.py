"""`python -m simulators`: the command line of the city."""

from simulators.cli import app

if __name__ == "__main__":
    app(prog_name="python -m simulators")
