"""Reporting lines: whom a person reports to, and who reports to them, however far."""

#: In SQL, for a WITH RECURSIVE: the ids of the line of `:reader`, their own among them.
LINE = """
    above (id, manager_id) AS (
        SELECT id, manager_id FROM person WHERE id = :reader
        UNION SELECT person.id, person.manager_id
        FROM person JOIN above ON person.id = above.manager_id
    ), below (id) AS (
        SELECT id FROM person WHERE id = :reader
        UNION SELECT person.id FROM person JOIN below ON person.manager_id = below.id
    ), line (id) AS (SELECT id FROM above UNION SELECT id FROM below)
"""
