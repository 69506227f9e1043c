"""What clients really send, beside a bare handler that sends the same SQL.

For each operation of tests/operations/ Breakroom runs some requests once, each in a
transaction that is undone afterwards, and what reaches the driver is recorded. The bare handler
then answers by sending the recorded statements, with their values and in transactions as they
were, and the recorded bytes. So it has no GraphQL, no rules and no rows to make into objects; what
it lacks is what Breakroom costs beyond its SQL.

Two things differ, and hit both alike or nobody: where Breakroom commits, the bare handler rolls
back, so that it can do the same full work again; and `synchronous_commit` is off for both, so that
a commit waits no longer than a rollback.
"""
