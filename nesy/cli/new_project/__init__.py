"""The project that `nesy new` writes: files that train at once, as a place to start from."""

from nesy.cli.new_project.writing import create

__all__ = ["create"]
