"""Kinship: stories of sentences, each about two people; how the last person is related to the first."""
