"""The PIN of the covered screen: four digits, kept as a hash inside the vault."""

import pytest

from app.vault import pin


def fits(vault, typed):
    with vault.read() as session:
        return pin.fits(session, typed)


def test_a_pin_fits_until_it_is_changed_or_taken_away(vault, open_again):
    assert not fits(vault, "4071")
    pin.set_pin(vault, "4071")
    assert fits(vault, "4071")
    assert not fits(vault, "4072")
    vault.close()
    vault = open_again()
    assert fits(vault, "4071")
    pin.set_pin(vault, "2290")
    assert fits(vault, "2290")
    assert not fits(vault, "4071")
    pin.set_pin(vault, "")
    assert not fits(vault, "2290")
    assert not fits(vault, "")


@pytest.mark.parametrize("poor", ["123", "12345", "1111", "1234", "4321", "12a4", "１２３５"])
def test_what_anybody_would_try_first_is_refused(vault, poor):
    pin.set_pin(vault, "4071")
    with pytest.raises(pin.PinRefused):
        pin.set_pin(vault, poor)
    assert fits(vault, "4071")


def test_a_change_is_written_into_the_trail_without_the_digits(vault):
    pin.set_pin(vault, "4071")
    with vault.read() as session:
        rows = session.connection().exec_driver_sql("SELECT what, act FROM trail ORDER BY seq DESC LIMIT 1").all()
        stored = session.connection().exec_driver_sql("SELECT value FROM meta").scalars().all()
    assert rows == [("设定遮屏数字", "keys")]
    assert not [value for value in stored if "4071" in value and len(value) < 40]
