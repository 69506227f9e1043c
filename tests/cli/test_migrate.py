def test_a_database_is_brought_up_to_date_once(command, empty_database):
    first, again = [command("migrate", database=empty_database).stdout for _ in range(2)]
    assert first.startswith("applied 0001_initial\n")
    assert again == "The database is up to date.\n"


def test_the_migrations_say_all_that_the_models_say(command):
    assert command("makemigrations", "--check").stdout == "No changes detected.\n"
