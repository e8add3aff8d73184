"""The engine of learned surrogates: networks that stand in for the program."""

from nesy.engines.surrogate.convergence import Convergence, NotConvergedWarning
from nesy.engines.surrogate.engine import Surrogate
from nesy.engines.surrogate.inference import SurrogateInference

__all__ = ["Convergence", "NotConvergedWarning", "Surrogate", "SurrogateInference"]
