"""Masked discrete diffusion over the symbols: what is known of some corrects what is believed of others."""

from __future__ import annotations

from nesy.engines.diffusion.engine import Diffusion

__all__ = ["Diffusion"]
