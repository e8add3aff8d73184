"""Goals about how many goals of a list hold, what terms that stand for values add up to, or that they differ.

They collect what is uncertain about the items of their list (`goals`) and make it polynomially many nodes
(`gates`), each noted as the count that it is (`nesy.logic.counts`).
"""
