"""`python -m cli` is the `breakroom` command."""

from cli import main

main(prog_name="breakroom")
