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


@pytest.mark.parametrize("poor", ["123", "12345", "1111", "1234", "4321", "1357", "1212", "2580", "12a4"])
def test_what_anybody_would_try_first_is_refused(vault, poor):
    pin.set_pin(vault, "4071")
    with pytest.raises(pin.PinRefused):
        pin.set_pin(vault, poor)
    assert fits(vault, "4071")


def test_full_width_digits_are_the_same_pin(vault):
    pin.set_pin(vault, "４０７１")
    assert fits(vault, "4071")
    assert fits(vault, "４０７１")


def test_the_digits_are_not_kept_and_are_no_event_of_the_keys(vault):
    pin.set_pin(vault, "4071")
    with vault.read() as session:
        connection = session.connection()
        stored = connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'cover-pin'").scalar_one()
        events = connection.exec_driver_sql("SELECT what FROM trail WHERE act = 'keys'").scalars().all()
    assert len(stored) == 2 * (16 + 32)
    assert events == []
