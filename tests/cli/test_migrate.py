import os
import subprocess
import sys


def breakroom(*command: str, database: str) -> str:
    run = subprocess.run(
        [sys.executable, "-m", "cli", *command],
        env=os.environ | {"BREAKROOM_DATABASE": database},
        capture_output=True,
        check=True,
        text=True,
    )
    return run.stdout


def test_a_database_is_brought_up_to_date_once(empty_database):
    assert breakroom("migrate", database=empty_database).startswith("applied 0001_initial\n")
    assert breakroom("migrate", database=empty_database) == "The database is up to date.\n"


def test_the_migrations_say_all_that_the_models_say(database_url):
    said = breakroom("makemigrations", "--check", database=database_url)
    assert said == "No changes detected.\n"
