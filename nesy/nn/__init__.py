"""Networks bound to rules: the trainable model, its inputs and its losses."""

from nesy.nn.explaining import ModelExplanation
from nesy.nn.model import Model
from nesy.nn.network import Network, log_probs, logits
from nesy.nn.objective import Objective
from nesy.nn.sequences import SequenceModel

__all__ = ["Model", "ModelExplanation", "Network", "Objective", "SequenceModel", "log_probs", "logits"]
