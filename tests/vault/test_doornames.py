"""The names at the door stand in both copies of the key file or in none; nothing else of it changes with them."""

from dataclasses import replace

from app.vault import doornames, keycopies
from app.vault.files import KEYS, KEYS_B
from tests.vault.backed import PASSWORD, folder, made, opening  # noqa: F401 - fixtures


def contents(vault):
    return [copy.content for copy in keycopies.read_copies(vault.folder)]


def test_names_are_changed_taken_away_and_put_back(opening, folder):  # noqa: F811
    vault = opening(folder)
    before = contents(vault)[0]
    doornames.show(vault, "青禾实验中学", "知心小屋")
    assert doornames.are_shown(vault)
    assert (
        contents(vault)
        == [replace(before, school="青禾实验中学", room="知心小屋", generation=before.generation + 1)] * 2
    )
    doornames.show(vault, "", "")
    assert not doornames.are_shown(vault)
    for name in (KEYS, KEYS_B):
        assert "青禾" not in (vault.folder / name).read_text(encoding="utf-8")
    doornames.show(vault, "", "知心小屋")
    assert doornames.are_shown(vault)
    vault.close()
    assert opening(folder, PASSWORD).behind is None


def test_what_stands_there_already_is_not_written_again(opening, folder):  # noqa: F811
    vault = opening(folder)
    doornames.show(vault, "青禾", "")
    before = (vault.folder / KEYS).read_bytes()
    doornames.show(vault, "青禾", "")
    assert (vault.folder / KEYS).read_bytes() == before


def test_a_name_longer_than_a_key_file_takes_is_cut(opening, folder):  # noqa: F811
    vault = opening(folder)
    doornames.show(vault, "校" * 5000, "室")
    assert [content.school for content in contents(vault)] == ["校" * 200] * 2
