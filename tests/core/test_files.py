import pytest

from core import files


def test_a_file_is_there_with_the_folders_it_needs_for_its_owner_alone(tmp_path):
    path = tmp_path / "a" / "b" / "file"
    files.write(path, b"content")
    assert path.read_bytes() == b"content"
    assert path.stat().st_mode & 0o777 == 0o600
    assert {folder.stat().st_mode & 0o777 for folder in (tmp_path / "a", path.parent)} == {0o700}


def test_a_file_that_was_there_is_replaced(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"a longer old one")
    files.write(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_write_that_fails_leaves_what_was_there(tmp_path):
    path = tmp_path / "file"
    files.write(path, b"old")
    with pytest.raises(TypeError):
        files.write(path, "not bytes")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_takes_its_place_only_when_it_is_filled(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with files.written(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_was_not_filled_leaves_nothing(tmp_path):
    with pytest.raises(TypeError), files.written(tmp_path / "file") as file:
        file.writelines([b"half", "not bytes"])
    assert list(tmp_path.iterdir()) == []
