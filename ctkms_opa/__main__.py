"""`python -m ctkms_opa` is the `ctkms` command."""

from ctkms_opa.cli import main

if __name__ == "__main__":
    main()
