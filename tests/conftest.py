"""Let the tests of one equation be run alone: pytest --equation BP2."""


def pytest_addoption(parser):
    """Add --equation."""
    parser.addoption("--equation", metavar="NAME", help="run only the tests marked with this equation of the ledger")


def pytest_collection_modifyitems(config, items):
    """Keep the tests that are marked with the equation."""
    name = config.getoption("--equation")
    if name:
        items[:] = [item for item in items if any(mark.args == (name,) for mark in item.iter_markers("equation"))]
