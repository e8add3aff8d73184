"""Networks bound to rules: the trainable model, its inputs and its losses."""

from nesy.nn.model import Model
from nesy.nn.network import Network, log_probs, logits

__all__ = ["Model", "Network", "log_probs", "logits"]
