"""Python's collector of garbage, in a run over many files."""

import gc

YOUNG = 20_000
"""Objects more than freed from which on the young ones are looked through; a file makes some 5,000."""


def start() -> None:
    """Turns the collector on. What is loaded by now stays: no later collection need look at it."""
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)
    gc.enable()
