from core import unions
from core.people import Person
from tests.makers import a_person


async def test_more_queries_than_a_statement_takes_keep_their_order(statements):
    people = [await a_person() for _ in range(3)]
    asked = [people[n % 3].id for n in range(601)]
    statements()

    found = await unions.run([Person.filter(id=id) for id in asked])

    assert [[person.id for person in rows] for rows in found] == [[id] for id in asked]
    assert len(statements()) == 7


async def test_no_query_is_no_statement(statements):
    assert await unions.run([]) == []
    assert statements() == []
