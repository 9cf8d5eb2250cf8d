"""Figures at the edge of what the steps have an answer for: refused by name, never a bare failure of a library."""

from __future__ import annotations

import numpy as np
import pytest

from podium.errors import ComputationError
from podium.index.aggregate import compile_tree
from podium.index.balance import optimised_weights
from podium.index.spec import Node
from podium.index.treat import fitted_exponent


@pytest.mark.parametrize("figure", [1e-320, 1e-17])
def test_an_exponent_of_box_cox_that_cannot_be_fitted_is_refused(figure: float) -> None:
    """Beside 1 the one figure that differs is lost: the likelihood has no maximum."""
    with pytest.raises(ComputationError, match="no exponent of Box–Cox fits figures from 0 to "):
        fitted_exponent(np.array([0.0, 0, 0, 0, 0, figure]))


def test_balanced_weights_of_two_opposite_indicators_are_refused() -> None:
    """Two units that change places: every index is flat or against one of the two, so no correlations sum above 0."""
    tree = compile_tree(Node(code="all", children=(Node(code="a"), Node(code="b"))), ("a", "b"), method="arithmetic", min_available=0.0)
    with pytest.raises(ComputationError, match="no weights give correlations with a positive sum"):
        optimised_weights(tree, np.array([[0.0, 1.0], [1.0, 0.0]]), [0, 1], aim="balance", wanted=np.ones(2), kind="pearson", least=0.0)
