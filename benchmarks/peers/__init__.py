"""Other systems, installed by pip, doing the same work in the same run."""
