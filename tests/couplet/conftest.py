"""A tiny model, trained once for all tests of couplets."""

import pytest

from projects.couplet.network.translator import Translator
from tests.couplet.toy_couplets import FORM, RECIPE, train_toy


@pytest.fixture(scope="session")
def learned():
    """Return a translator that has learned the partners, and its history."""
    model, history, tokens = train_toy(RECIPE)
    return Translator(model, FORM, tokens), history


@pytest.fixture(scope="session")
def translator(learned):
    return learned[0]
