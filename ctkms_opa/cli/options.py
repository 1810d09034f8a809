"""Options that several commands share, and what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ctkms_opa.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ctkms_opa.expectations import Expectations

    _Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def together(*options: _Decorator) -> _Decorator:
    """One decorator for several options, which `--help` lists in this order."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


expectation_options = together(
    click.option(
        "-d", "--data", multiple=True, metavar="DATA", help="A file or folder with expectations; may be repeated."
    ),
    click.option("--trail", "trails", multiple=True, metavar="ARN", help="A trail that uses the key; may be repeated."),
    click.option(
        "--event-data-store",
        "stores",
        multiple=True,
        metavar="ARN",
        help="An event data store that uses the key; may be repeated.",
    ),
    click.option(
        "--reader",
        "readers",
        multiple=True,
        metavar="ARN",
        help="Who reads the trails' and stores' data; may be repeated.",
    ),
)
"""What is expected, from files and from the command line; `expected_of` reads it."""

deployment_options = together(
    click.option(
        "--parameter",
        "parameters",
        multiple=True,
        metavar="NAME=VALUE",
        help="The value of a parameter of CloudFormation templates, where there are any; may be repeated.",
    ),
    click.option("--account", metavar="ID", help="The account into which templates and plans are deployed."),
    click.option("--region", metavar="REGION", help="The Region into which templates and plans are deployed."),
    click.option(
        "--partition",
        metavar="PARTITION",
        help="The partition into which templates and plans are deployed.  [default: that of --region, else aws]",
    ),
)
"""How templates are deployed."""

policy_option = click.option(
    "-p",
    "--policy",
    "policies",
    multiple=True,
    metavar="POLICY",
    help="A file or folder with rules of your own; may be repeated.",
)


def expected_of(
    data: Sequence[str], trails: Sequence[str], stores: Sequence[str], readers: Sequence[str], key: str | None
) -> Expectations:
    """The expectations of files and of the command line.

    Args:
        data: Files and folders.
        trails: ARNs of trails.
        stores: ARNs of event data stores.
        readers: ARNs of people who read their data.
        key: The ARN of the key that they use.

    Raises:
        ExpectationsError: They are not valid, or contradict each other.
    """
    from ctkms_opa import expectations  # noqa: PLC0415 - not every command with shared options expects something

    return expectations.merge(
        expectations.load(data), expectations.from_flags(trails, stores, readers, [] if key is None else [key])
    )


def pairs_of(option: str, form: str, given: Sequence[str], says: str) -> dict[str, str]:
    """What `NAME=VALUE` options say, by name.

    Args:
        option: The option, for messages.
        form: What is to be written, for messages.
        given: What was written.
        says: What an option says of its name, for messages: several of them, as in "different values".

    Raises:
        UsageError: One is written otherwise, or a name is given twice and not alike.
    """
    values: dict[str, str] = {}
    for one in given:
        name, separator, value = one.partition("=")
        if not separator or not name:
            raise UsageError(f"{option}: {one!r} is not {form}")
        if values.setdefault(name, value) != value:
            raise UsageError(f"{option}: {name} is given twice with different {says}")
    return values


def parameters_of(given: Sequence[str]) -> dict[str, str]:
    """The values of `--parameter`, by name.

    Raises:
        UsageError: One is not written NAME=VALUE, or a name has two values.
    """
    return pairs_of("--parameter", "NAME=VALUE", given, "values")
