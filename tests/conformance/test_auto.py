"""The engine that chooses, on the corpus, all of which fits: everything is exact."""

from __future__ import annotations

import pytest

from nesy.engines.auto import Auto
from nesy.engines.exact import ExactInference
from nesy.engines.inference import Guarantee, Inference
from nesy.errors import EngineError
from tests.conformance.suite import EngineConformance


class TestAuto(EngineConformance):
    engine = Auto()

    def test_all_of_it_is_exact(self, inference: Inference) -> None:
        assert isinstance(inference, ExactInference)
        assert inference.guarantee is Guarantee.EXACT
        assert {choice.marginals for choice in inference.plan.choices} <= {"exact"}


@pytest.mark.parametrize("memory", [0, -1])
def test_no_room_at_all_is_refused(memory: int) -> None:
    with pytest.raises(EngineError, match="memory") as error:
        Auto(memory=memory)
    assert error.value.code == "invalid-option"
