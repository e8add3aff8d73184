"""Facts from outside: files of values, data frames, arrays, tensors, tuples, and databases."""

from nesy.language.fact_sources.csv_files import CsvFile, csv
from nesy.language.fact_sources.door import facts, with_facts
from nesy.language.fact_sources.queries import SqlQuery, sql

__all__ = ["CsvFile", "SqlQuery", "csv", "facts", "sql", "with_facts"]
