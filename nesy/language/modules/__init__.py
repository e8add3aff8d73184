"""What a rule file takes from elsewhere: other rule files, libraries, databases, Python functions."""
