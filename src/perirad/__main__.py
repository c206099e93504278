"""`python -m perirad`."""

from perirad.cli.main import main

main()
