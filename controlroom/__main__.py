"""`python -m controlroom`: the same as the `controlroom` command."""

from controlroom.cli.app import main

main()
