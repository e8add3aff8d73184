"""Whether the labels of a task determine its concepts, and what else training cannot learn."""

from nesy.engines.audit.auditing import audit
from nesy.engines.audit.report import Audit

__all__ = ["Audit", "audit"]
