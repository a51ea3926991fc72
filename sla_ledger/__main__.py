"""`python -m sla_ledger`: the command line, where the script is not on the path."""

from sla_ledger.cli.main import main

if __name__ == "__main__":
    main()
