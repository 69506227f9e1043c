"""Operations compiled to plans that run breadth first: docs/decisions/engine.md explains them."""
