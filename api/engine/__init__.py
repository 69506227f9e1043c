"""Operations compiled to plans, which run breadth first: one call of a batch for each level.

compiled     the execution that Graph uses: a plan if there is one, else graphql-core
compiler     from an operation to its plan
plan         runs the root fields, then level after level
levels       what a level wants from batches
fields       how a field finds its value
shapes       how a value becomes a part of the answer
leaves       scalars and enums
arguments    what a field is given
places       where a value stands, and how far a null climbs from there
"""
