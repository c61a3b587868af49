"""`python -m controlroom`: the same commands as `controlroom`."""

from controlroom.cli.app import main

main()
